import { effect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';

import { type Turn, citedBy } from '../ask/conversation.ts';
import { MarkdownView } from '../markdown/view.ts';

/** The answer as it streams: painted at most once a frame, however many deltas arrive. */
export function AnswerText({ turn }: { turn: Turn }) {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!host.current) return;
    const view = new MarkdownView(host.current);
    const stopWatching = effect(() => {
      const sources = citedBy(turn);
      const ended = turn.phase.value !== 'answering';
      view.show(turn.text.value, { sources, ended });
    });
    return () => {
      stopWatching();
      view.dispose();
    };
  }, [turn]);
  return <div class="markdown" ref={host} />;
}
