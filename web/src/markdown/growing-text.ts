import { type Environment, markdown } from './renderer.ts';

export interface Rendered {
  /** HTML of blocks that ended since the last call, and will not change any more. */
  settled: string;
  /** HTML of the last block, which may still grow or become another kind of block. */
  live: string;
}

/**
 * Renders a Markdown text that grows at its end, in time proportional to what is added: in
 * CommonMark, once a top-level block has begun, nothing that follows changes the blocks before it.
 * (But for link definitions, which may come after their use: see `complete`.)
 */
export class GrowingText {
  #settledLength = 0;
  readonly #env: Environment;

  constructor(env: Environment) {
    this.#env = env;
  }

  /** `text` starts with what the last call was given. */
  grow(text: string): Rendered {
    const tail = text.slice(this.#settledLength);
    const tokens = markdown.parse(tail, this.#env);
    const last = tokens.findLastIndex(({ level, nesting }) => level === 0 && nesting >= 0);
    const begin = last > 0 ? offsetOfLine(tail, tokens[last]?.map?.[0] ?? 0) : 0;
    const split = begin > 0 ? last : 0;
    this.#settledLength += begin;
    return {
      settled: this.#render(tokens.slice(0, split)),
      live: this.#render(tokens.slice(split)),
    };
  }

  /** All of a text that is complete; null where what was settled stands as it is. */
  complete(text: string): string | null {
    return this.#env.references && Object.keys(this.#env.references).length > 0
      ? markdown.render(text, this.#env)
      : null;
  }

  #render(tokens: ReturnType<typeof markdown.parse>): string {
    return markdown.renderer.render(tokens, markdown.options, this.#env);
  }
}

function offsetOfLine(text: string, line: number): number {
  let offset = 0;
  for (let passed = 0; passed < line; passed++) offset = text.indexOf('\n', offset) + 1;
  return offset;
}
