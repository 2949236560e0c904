import { effect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';

import { type Answer, citedBy } from '../ask/answer.ts';
import { MarkdownView } from '../markdown/view.ts';

/** The answer as it streams: painted at most once a frame, however many deltas arrive. */
export function AnswerText({ answer }: { answer: Answer }) {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!host.current) return;
    const view = new MarkdownView(host.current);
    const stopWatching = effect(() => {
      const sources = citedBy(answer);
      const ended = answer.phase.value !== 'answering';
      view.show(answer.text.value, { sources, ended });
    });
    return () => {
      stopWatching();
      view.dispose();
    };
  }, [answer]);
  return <div class="markdown" ref={host} />;
}
