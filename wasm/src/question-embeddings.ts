/** Questions embedded through the edge, for packs that carry the embeddings of a provider's model. */
import { bearer } from './access.js';
import type { EmbeddingSpace } from './api.js';
import { cancelled } from './errors.js';
import type { QuestionEmbedding } from './search-engine.js';

/** A search waits no longer for it. */
const WAIT_MS = 1500;
/** An edge that could not do it is left alone for so long. */
const REST_MS = 30_000;
/** So many are remembered: a question is searched for again and again. */
const KEPT_MOST = 64;

export class QuestionEmbeddings {
  readonly #edge: URL;
  /** By space and question, the one used last at the end. */
  readonly #kept = new Map<string, QuestionEmbedding>();
  /** By space, in the time of performance.now(). */
  readonly #restsUntil = new Map<string, number>();

  constructor(edge: URL) {
    this.#edge = edge;
  }

  /** The question in each of the spaces, as far as that can be had in time. */
  async embed(
    question: string,
    spaces: EmbeddingSpace[],
    access: string,
    signal?: AbortSignal,
  ): Promise<QuestionEmbedding[]> {
    const different = new Map(spaces.map((space) => [nameOf(space), space]));
    const embedded = await Promise.all(
      [...different].map(([name, space]) => this.#embed(question, name, space, access, signal)),
    );
    return embedded.flatMap((embedding) => embedding ?? []);
  }

  async #embed(
    question: string,
    name: string,
    space: EmbeddingSpace,
    access: string,
    signal?: AbortSignal,
  ): Promise<QuestionEmbedding | undefined> {
    const key = `${name} ${question}`;
    const kept = this.#kept.get(key);
    if (kept) {
      this.#keep(key, kept);
      return kept;
    }
    if (performance.now() < (this.#restsUntil.get(name) ?? 0)) return undefined;
    const ended = new AbortController();
    const end = () => ended.abort();
    const timer = setTimeout(end, WAIT_MS);
    signal?.addEventListener('abort', end);
    try {
      const embedding = {
        ...space,
        vector: await this.#ask(question, space, access, ended.signal),
      };
      this.#keep(key, embedding);
      return embedding;
    } catch {
      if (signal?.aborted) throw cancelled();
      this.#restsUntil.set(name, performance.now() + REST_MS);
      return undefined;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
    }
  }

  async #ask(
    question: string,
    { provider, model, dimensions, shortened }: EmbeddingSpace,
    access: string,
    signal: AbortSignal,
  ): Promise<number[]> {
    const body = {
      model: `${provider}/${model}`,
      input: [question],
      ...(shortened && { dimensions }),
    };
    const response = await fetch(new URL('v1/embeddings', this.#edge), {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...bearer(access) },
      body: JSON.stringify(body),
      signal,
    });
    if (!response.ok) throw new Error(`status ${response.status}`);
    const { data } = (await response.json()) as { data: { embedding: number[] }[] };
    return data[0]!.embedding;
  }

  #keep(key: string, embedding: QuestionEmbedding): void {
    this.#kept.delete(key);
    this.#kept.set(key, embedding);
    if (this.#kept.size > KEPT_MOST) this.#kept.delete(this.#kept.keys().next().value!);
  }
}

function nameOf({ provider, model, dimensions }: EmbeddingSpace): string {
  return `${provider}/${model}/${dimensions}`;
}
