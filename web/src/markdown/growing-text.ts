import type { PassageRef } from 'weir';

import { type Environment, markdown } from './renderer.ts';

type Tokens = ReturnType<typeof markdown.parse>;

export interface Rendered {
  /** HTML of blocks that ended since the last call, and will not change any more. */
  settled: string;
  /** HTML of the last block, which may still grow or become another kind of block. */
  live: string;
}

/**
 * Renders a Markdown text that grows at its end, in time proportional to what is added: in
 * CommonMark, once a top-level block has begun, nothing that follows changes the blocks before it.
 * Only link definitions reach across blocks: texts that have any are rendered anew when complete.
 */
export class GrowingText {
  readonly #sources: PassageRef[];
  #settledLength = 0;
  #hasDefinitions = false;
  /** Of what is settled. */
  #topHeading: number | undefined;

  constructor(sources: PassageRef[]) {
    this.#sources = sources;
  }

  /** `text` starts with what the last call was given. */
  grow(text: string): Rendered {
    const tail = text.slice(this.#settledLength);
    const env: Environment = { sources: this.#sources };
    if (this.#topHeading) env.topHeading = this.#topHeading;
    const tokens = markdown.parse(tail, env);
    const lines = lineOffsets(tail);
    const split = lastWholeBegin(tokens, lines.length - 1);
    this.#settledLength += lines[tokens[split]?.map?.[0] ?? 0] ?? 0;
    if (tokens.slice(0, split).some(({ type }) => type === 'heading_open')) {
      this.#topHeading = env.topHeading;
    }
    this.#hasDefinitions ||= Object.keys(env.references ?? {}).length > 0;
    return {
      settled: render(tokens.slice(0, split), env),
      live: render(tokens.slice(split), env),
    };
  }

  /** All of a text that is complete; null where what was settled stands as it is. */
  complete(text: string): string | null {
    return this.#hasDefinitions ? markdown.render(text, { sources: this.#sources }) : null;
  }
}

function render(tokens: Tokens, env: Environment): string {
  return markdown.renderer.render(tokens, markdown.options, env);
}

/**
 * Where the last top-level block begins that did so before the last line, which may be cut: a "3"
 * may become the "3." of a list.
 */
function lastWholeBegin(tokens: Tokens, lastLine: number): number {
  const last = tokens.findLastIndex(
    ({ level, nesting, map }) => level === 0 && nesting >= 0 && (map?.[0] ?? lastLine) < lastLine,
  );
  return Math.max(0, last);
}

/** Where each line begins; line ends are those of markdown-it. */
function lineOffsets(text: string): number[] {
  return [0, ...[...text.matchAll(/\r\n?|\n/g)].map(({ index, 0: end }) => index + end.length)];
}
