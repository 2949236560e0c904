/** weir-search.wasm's functions with types (wasm/search/*.cpp say what each does). */
import type { EmbeddingSpace, Hit, Meaning, SourceText } from './api.js';
import { type BoundaryExports, Memory } from './memory.js';
import type { OpenedPack } from './protocol.js';

type Handle = number;
type Pointer = number;
type Size = number;

interface SearchExports extends BoundaryExports {
  weir_store_of(bytes: Pointer, size: Size): Handle;
  weir_store_open(size: number): Handle;
  weir_store_supply(store: Handle, offset: number, bytes: Pointer, size: Size): void;
  weir_store_forget(store: Handle, moreThan: number): number;
  weir_store_close(store: Handle): void;
  weir_words_open(store: Handle): void;
  weir_pack_open(store: Handle): void;
  weir_pack_of(repository: Pointer, size: Size): Handle;
  weir_pack_paths(pack: Handle): void;
  weir_pack_file(pack: Handle, path: Pointer, size: Size): void;
  weir_pack_close(pack: Handle): void;
  weir_search_open(query: Pointer, size: Size): void;
  weir_search_run(search: Handle): void;
  weir_search_close(search: Handle): void;
}

/** [offset, length] of a file, in bytes. */
export type Range = [number, number];

/** What a call brought, or what must be brought for it: then it is made again. */
export type Step<T> = { value: T } | { wanted: { store: Handle; ranges: Range[] }[] };

export interface Query {
  text: string;
  limit?: number | undefined;
  include?: string[] | undefined;
  exclude?: string[] | undefined;
  prefer_path?: string | undefined;
  embeddings?: QuestionEmbedding[] | undefined;
}

/** A question in the space of a pack's embeddings. */
export interface QuestionEmbedding extends EmbeddingSpace {
  vector: number[];
}

/** What a search found, and by what it compared in meaning. */
export interface Found {
  hits: Hit[];
  meaning: Meaning;
}

export class SearchEngine {
  readonly #exports: SearchExports;
  readonly #memory: Memory;

  constructor(exports: BoundaryExports) {
    this.#exports = exports as SearchExports;
    this.#memory = new Memory(exports);
  }

  liveHandles(): number {
    return this.#memory.liveHandles();
  }

  // -- files that packs and words are read from

  /** One that is wholly here. */
  storeOf(bytes: Uint8Array): Handle {
    return this.#memory.give(bytes, this.#exports.weir_store_of);
  }

  /** One that is brought by ranges. */
  openStore(size: number): Handle {
    return this.#memory.guard(() => this.#exports.weir_store_open(size));
  }

  supply(store: Handle, offset: number, bytes: Uint8Array): void {
    this.#memory.pass([bytes], (at, size) =>
      this.#exports.weir_store_supply(store, offset, at!, size!),
    );
    this.#memory.text();
  }

  /** Lets go of what was brought, where that is more than so many bytes. */
  forget(store: Handle, moreThan: number): void {
    this.#memory.guard(() => this.#exports.weir_store_forget(store, moreThan));
  }

  closeStore(store: Handle): void {
    this.#exports.weir_store_close(store);
  }

  openWords(store: Handle): Step<true> {
    this.#memory.guard(() => this.#exports.weir_words_open(store));
    return this.#memory.json<Step<true>>();
  }

  // -- packs

  openPack(store: Handle): Step<OpenedPack> {
    this.#memory.guard(() => this.#exports.weir_pack_open(store));
    return this.#memory.json<Step<OpenedPack>>();
  }

  /** The open pack of a repository, as an ask names it; 0 where none is. */
  packOf(repository: string): Handle {
    return this.#memory.pass([repository], (at, size) => this.#exports.weir_pack_of(at!, size!));
  }

  paths(pack: Handle): Step<string[]> {
    this.#memory.guard(() => this.#exports.weir_pack_paths(pack));
    return this.#memory.json<Step<string[]>>();
  }

  file(pack: Handle, path: string): Step<SourceText> {
    this.#memory.pass([path], (at, size) => this.#exports.weir_pack_file(pack, at!, size!));
    return this.#memory.json<Step<SourceText>>();
  }

  closePack(pack: Handle): void {
    this.#exports.weir_pack_close(pack);
  }

  // -- searches

  /**
   * Several queries are those of one question: what they find is one list. `byWordsAlone`: without the
   * table of words, even where it is open.
   */
  openSearch(packs: Handle[], queries: Query[], { byWordsAlone = false } = {}): Handle {
    const asked = JSON.stringify({ packs, queries, by_words_alone: byWordsAlone });
    this.#memory.pass([asked], this.#exports.weir_search_open);
    return this.#memory.json<{ search: Handle }>().search;
  }

  runSearch(search: Handle): Step<Found> {
    this.#memory.guard(() => this.#exports.weir_search_run(search));
    return this.#memory.json<Step<Found>>();
  }

  closeSearch(search: Handle): void {
    this.#exports.weir_search_close(search);
  }
}
