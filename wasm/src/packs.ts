/** Packs that are open for searching. The search module is loaded with the first of them. */
import type { EmbeddingSpace, SourceText } from './api.js';
import { type ByteSource, readRanges } from './byte-sources.js';
import { failure } from './errors.js';
import { type Loaded, type ReadFile, load } from './load.js';
import type { BoundaryExports } from './memory.js';
import { type ReadAsset, instantiate } from './module.js';
import type { LoadProgress, OpenedPack, PackSource } from './protocol.js';
import { type Found, type Query, SearchEngine, type Step } from './search-engine.js';

/** What was brought of one file may take this much memory; then it is brought again. */
const HELD_BYTES = 64 << 20;
/** A call that still wants something after so many rounds never ends. */
const ROUNDS_MOST = 64;

/** Loads the table of words, whole or by ranges. */
export type LoadWords = () => Promise<Loaded>;

/** A search does without the table then. */
class WordsUnreadable extends Error {}

export class Packs {
  readonly #asset: ReadAsset;
  readonly #loadWords: LoadWords;
  readonly #readFile: ReadFile | undefined;
  #loading: Promise<SearchEngine> | undefined;
  /** By store. */
  readonly #sources = new Map<number, ByteSource>();
  /** The store of each pack. */
  readonly #stores = new Map<number, number>();
  /** Of the packs that carry embeddings, theirs. */
  readonly #spaces = new Map<number, EmbeddingSpace>();
  #words: Promise<void> | undefined;
  #wordsStore: number | undefined;

  constructor(asset: ReadAsset, loadWords: LoadWords, readFile?: ReadFile) {
    this.#asset = asset;
    this.#loadWords = loadWords;
    this.#readFile = readFile;
  }

  async open(
    source: PackSource,
    signal: AbortSignal,
    progress: (progress: LoadProgress) => void = () => undefined,
  ): Promise<OpenedPack> {
    const [engine, loaded] = await Promise.all([
      this.#engine(),
      load(source, signal, progress, this.#readFile),
    ]);
    const store = this.#openStore(engine, loaded);
    try {
      const opened = await this.#complete(engine, () => engine.openPack(store), signal);
      this.#stores.set(opened.pack, store);
      const { embeddings } = opened.info;
      if (embeddings) this.#spaces.set(opened.pack, embeddings);
      return opened;
    } catch (error) {
      this.#closeStore(engine, store);
      throw error;
    }
  }

  /** Several queries are those of one question. */
  async search(packs: number[], queries: Query[], signal?: AbortSignal): Promise<Found> {
    const engine = await this.#engine();
    await this.#openWords(engine);
    try {
      return await this.#search(engine, engine.openSearch(packs, queries), signal);
    } catch (error) {
      if (!(error instanceof WordsUnreadable)) throw error;
      return this.#search(
        engine,
        engine.openSearch(packs, queries, { byWordsAlone: true }),
        signal,
      );
    }
  }

  async #search(engine: SearchEngine, search: number, signal?: AbortSignal): Promise<Found> {
    try {
      return await this.#complete(engine, () => engine.runSearch(search), signal);
    } finally {
      engine.closeSearch(search);
      for (const store of this.#sources.keys()) engine.forget(store, HELD_BYTES);
    }
  }

  /** The spaces that questions to these packs may be embedded in. */
  spaces(packs: number[]): EmbeddingSpace[] {
    return packs.flatMap((pack) => this.#spaces.get(pack) ?? []);
  }

  async paths(pack: number): Promise<string[]> {
    const engine = await this.#engine();
    return this.#complete(engine, () => engine.paths(pack));
  }

  async file(pack: number, path: string): Promise<SourceText> {
    const engine = await this.#engine();
    return this.#complete(engine, () => engine.file(pack, path));
  }

  /** The open pack of a repository, as an ask names it; 0 where none is. */
  async packOf(repository: string): Promise<number> {
    return this.#loading ? (await this.#engine()).packOf(repository) : 0;
  }

  async close(pack: number): Promise<void> {
    const engine = await this.#engine();
    engine.closePack(pack);
    const store = this.#stores.get(pack);
    this.#stores.delete(pack);
    this.#spaces.delete(pack);
    if (store !== undefined) this.#closeStore(engine, store);
  }

  async liveHandles(): Promise<number> {
    const own = this.#words ? 1 : 0;
    return this.#loading ? (await this.#engine()).liveHandles() - own : 0;
  }

  #engine(): Promise<SearchEngine> {
    this.#loading ??= instantiate<BoundaryExports>(this.#asset, 'weir-search.wasm').then(
      (exports) => new SearchEngine(exports),
    );
    this.#loading.catch(() => (this.#loading = undefined));
    return this.#loading;
  }

  /** Without the table, words alone are compared; it is tried again with the next search. */
  async #openWords(engine: SearchEngine): Promise<void> {
    // A kept connection that its server has just closed fails once.
    this.#words ??= this.#loadWords()
      .catch(this.#loadWords)
      .then(async (loaded) => {
        const store = this.#openStore(engine, loaded);
        this.#wordsStore = store;
        await this.#complete(engine, () => engine.openWords(store));
      });
    await this.#words.catch(() => (this.#words = undefined));
  }

  #openStore(engine: SearchEngine, loaded: Loaded): number {
    if ('whole' in loaded) return engine.storeOf(loaded.whole);
    const store = engine.openStore(loaded.ranges.size);
    this.#sources.set(store, loaded.ranges);
    if (loaded.head) engine.supply(store, 0, loaded.head);
    return store;
  }

  #closeStore(engine: SearchEngine, store: number): void {
    engine.closeStore(store);
    this.#sources.get(store)?.close?.();
    this.#sources.delete(store);
  }

  /** Makes the call, and again with what it wants, until it has everything. */
  async #complete<T>(engine: SearchEngine, call: () => Step<T>, signal?: AbortSignal): Promise<T> {
    for (let round = 0; round < ROUNDS_MOST; ++round) {
      const step = call();
      if ('value' in step) return step.value;
      await Promise.all(
        step.wanted.map(({ store, ranges }) =>
          readRanges(
            this.#sources.get(store)!,
            ranges,
            (offset, bytes) => engine.supply(store, offset, bytes),
            signal,
          ).catch((error: unknown) => {
            const lost = store === this.#wordsStore && !signal?.aborted;
            throw lost ? new WordsUnreadable() : error;
          }),
        ),
      );
    }
    throw failure('internal', 'A pack is read without end.', 'Open it again.');
  }
}
