import type { AnswerEvent } from './api.js';

/**
 * The events of one answer between whoever makes them and whoever iterates. How many can wait is
 * bounded by the answer, whose log the edge bounds.
 */
export class EventQueue implements AsyncIterableIterator<AnswerEvent> {
  readonly #waiting: AnswerEvent[] = [];
  readonly #onReturn: () => void;
  #wake: (() => void) | undefined;
  #ended = false;

  /** `onReturn`: the reader has left before the end. */
  constructor(onReturn: () => void) {
    this.#onReturn = onReturn;
  }

  push(event: AnswerEvent): void {
    if (this.#ended) return;
    this.#waiting.push(event);
    this.#wake?.();
  }

  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  async next(): Promise<IteratorResult<AnswerEvent>> {
    for (;;) {
      const value = this.#waiting.shift();
      if (value) return { done: false, value };
      if (this.#ended) return { done: true, value: undefined };
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  async return(): Promise<IteratorResult<AnswerEvent>> {
    if (!this.#ended) this.#onReturn();
    this.#waiting.length = 0;
    this.end();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
