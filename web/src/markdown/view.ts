import type { PassageRef } from 'weir';

import { highlightBlocks } from './highlight.ts';
import { GrowingText } from './growing-text.ts';
import { setSafeHtml } from './safe-html.ts';

export interface Showing {
  sources: PassageRef[];
  /** True once no more text will come. */
  ended: boolean;
}

/** Rendering may take this share of the time, so that a huge block leaves the page usable. */
const busyShare = 0.25;

/** Paints a growing Markdown text into an element, once a frame at most. */
export class MarkdownView {
  readonly #host: HTMLElement;
  readonly #live: HTMLElement;
  #growing: GrowingText | null = null;
  #text = '';
  #showing: Showing = { sources: [], ended: false };
  #frame = 0;
  #notBefore = 0;

  constructor(host: HTMLElement) {
    this.#host = host;
    this.#live = document.createElement('div');
    host.replaceChildren(this.#live);
  }

  show(text: string, showing: Showing): void {
    this.#text = text;
    this.#showing = showing;
    if (text === '' || this.#frame) return;
    this.#frame = requestAnimationFrame(this.#paint);
  }

  dispose(): void {
    cancelAnimationFrame(this.#frame);
  }

  #paint = (begun: number): void => {
    const { sources, ended } = this.#showing;
    if (begun < this.#notBefore && !ended) {
      this.#frame = requestAnimationFrame(this.#paint);
      return;
    }
    this.#frame = 0;
    this.#growing ??= new GrowingText(sources);
    const { settled, live } = this.#growing.grow(this.#text);
    if (settled) this.#settle(settled);
    setSafeHtml(this.#live, live);
    if (ended) this.#end(this.#growing.complete(this.#text));
    const now = performance.now();
    this.#notBefore = now + (now - begun) * (1 / busyShare - 1);
  };

  #settle(html: string): void {
    const block = document.createElement('div');
    setSafeHtml(block, html);
    this.#live.before(block);
    void highlightBlocks(block);
  }

  #end(whole: string | null): void {
    if (whole !== null) {
      this.#host.replaceChildren(this.#live);
      setSafeHtml(this.#live, whole);
    }
    void highlightBlocks(this.#live);
  }
}
