import type { AnswerEvent } from 'weir';
import { effect, signal } from '@preact/signals';

import { linkedAnswer } from '../page/location.ts';
import { weir } from '../weir.ts';
import { type Answer, newAnswer, take } from './answer.ts';

/** The answer that the page's link leads to, as it is read; null without such a link. */
export const linked = signal<Answer | null>(null);

/** Reads along without the key: this page can end its own reading, and nothing more. */
export function followLink(): void {
  effect(() => {
    const id = linkedAnswer.value;
    const host = weir.value;
    const answer = id === null ? null : newAnswer();
    linked.value = answer;
    if (id === null || !answer || !host) return;
    const left = new AbortController();
    void read(answer, host.follow(id, { signal: left.signal }));
    return () => left.abort();
  });
}

async function read(answer: Answer, events: AsyncIterable<AnswerEvent>): Promise<void> {
  for await (const event of events) take(answer, event);
}
