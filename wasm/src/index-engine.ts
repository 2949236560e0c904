/** weir-index.wasm's functions with types (wasm/index/indexing.cpp says what each does). */
import type { IndexProgress, IndexReport } from './api.js';
import { type BoundaryExports, Memory } from './memory.js';

type Handle = number;
type Pointer = number;
type Size = number;

interface IndexExports extends BoundaryExports {
  weir_index_open(...places: number[]): void;
  weir_index_admits(index: Handle, path: Pointer, pathSize: Size, size: number): number;
  weir_index_add(index: Handle, ...placesAndModified: number[]): number;
  weir_index_refresh(index: Handle, ...places: number[]): number;
  weir_index_unchanged(
    index: Handle,
    path: Pointer,
    pathSize: Size,
    size: number,
    modified: number,
  ): number;
  weir_index_name_commit(index: Handle, commit: Pointer, size: Size): void;
  weir_index_name_time(index: Handle, seconds: number): void;
  weir_index_name_repository(index: Handle, name: Pointer, size: Size): void;
  weir_index_ignore(index: Handle, ...places: number[]): void;
  weir_index_enters(index: Handle, folder: Pointer, size: Size): number;
  weir_index_leave_out(index: Handle, size: number, ...places: number[]): void;
  weir_index_progress(index: Handle): void;
  weir_index_report(index: Handle): void;
  weir_index_finish(index: Handle): void;
  weir_index_forward(index: Handle): void;
  weir_index_close(index: Handle): void;
}

export interface IndexSettings {
  /** Absent: it is told while the files come. */
  repository?: string | undefined;
  include?: string[] | undefined;
  exclude?: string[] | undefined;
  /** 32 random hexadecimal digits: it is to be refreshed later. */
  key?: string | undefined;
}

/** An earlier pack and its forward index. */
export interface Refreshable {
  pack: Uint8Array;
  forward: Uint8Array;
}

/** What only a host can find of a file. */
export type WhyLeftOut = 'link' | 'encrypted' | 'too_large' | 'unreadable';

/** One pack in the making. Its memory is the module's, and goes with it. */
export class IndexEngine {
  readonly #exports: IndexExports;
  readonly #memory: Memory;
  readonly #index: Handle;

  /** `words` is the table of words (words.bin). */
  constructor(exports: BoundaryExports, settings: IndexSettings, words: Uint8Array) {
    this.#exports = exports as IndexExports;
    this.#memory = new Memory(exports);
    this.#memory.give(words, (at, size) =>
      this.#memory.pass([JSON.stringify(settings)], (...places) =>
        this.#exports.weir_index_open(...places, at, size),
      ),
    );
    this.#index = this.#memory.json<{ index: Handle }>().index;
  }

  nameCommit(commit: string): void {
    this.#memory.pass([commit], (at, size) =>
      this.#exports.weir_index_name_commit(this.#index, at!, size!),
    );
  }

  /** When that was made, in seconds since 1970. */
  nameTime(seconds: number): void {
    this.#memory.guard(() => this.#exports.weir_index_name_time(this.#index, seconds));
  }

  /** Before the first file. False: what is kept cannot be used, and all is indexed afresh. */
  refresh({ pack, forward }: Refreshable): boolean {
    return this.#memory.give(pack, (packAt, packSize) =>
      this.#memory.give(
        forward,
        (at, size) =>
          this.#exports.weir_index_refresh(this.#index, packAt, packSize, at, size) !== 0,
      ),
    );
  }

  /** True: the file is as the earlier pack has it, and is in. */
  addUnchanged(path: string, bytes: number, modified: number): boolean {
    return this.#memory.pass(
      [path],
      (at, size) =>
        this.#exports.weir_index_unchanged(this.#index, at!, size!, bytes, modified) !== 0,
    );
  }

  nameRepository(name: string): void {
    this.#memory.pass([name], (at, size) =>
      this.#exports.weir_index_name_repository(this.#index, at!, size!),
    );
  }

  /** The text of the .gitignore that lies in a folder, before what it speaks of. */
  ignore(folder: string, text: Uint8Array): void {
    this.#memory.pass([folder, text], (...places) =>
      this.#exports.weir_index_ignore(this.#index, ...places),
    );
  }

  /** False: a folder not to walk into. */
  enters(folder: string): boolean {
    return this.#memory.pass(
      [folder],
      (at, size) => this.#exports.weir_index_enters(this.#index, at!, size!) !== 0,
    );
  }

  /** False: a file not to read. */
  admits(path: string, bytes: number): boolean {
    return this.#memory.pass(
      [path],
      (at, size) => this.#exports.weir_index_admits(this.#index, at!, size!, bytes) !== 0,
    );
  }

  /** False: left out after all. */
  add(path: string, bytes: Uint8Array, modified: number): boolean {
    return this.#memory.pass(
      [path, bytes],
      (...places) => this.#exports.weir_index_add(this.#index, ...places, modified) !== 0,
    );
  }

  leaveOut(path: string, bytes: number, why: WhyLeftOut): void {
    this.#memory.pass([path, why], (...places) =>
      this.#exports.weir_index_leave_out(this.#index, bytes, ...places),
    );
  }

  progress(): IndexProgress {
    this.#memory.guard(() => this.#exports.weir_index_progress(this.#index));
    return this.#memory.json<IndexProgress>();
  }

  report(): IndexReport {
    this.#memory.guard(() => this.#exports.weir_index_report(this.#index));
    return this.#memory.json<IndexReport>();
  }

  /** The pack. Nothing may be added any more. */
  finish(): Uint8Array<ArrayBuffer> {
    this.#memory.guard(() => this.#exports.weir_index_finish(this.#index));
    return this.#memory.bytes();
  }

  /** What it can be refreshed from, after that; empty where it had no key. */
  forward(): Uint8Array<ArrayBuffer> {
    this.#memory.guard(() => this.#exports.weir_index_forward(this.#index));
    return this.#memory.bytes();
  }
}
