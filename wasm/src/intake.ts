/** The engine's judgement of files on their way into one pack, as sources of files see it. */
import type { IndexProgress, IndexReport } from './api.js';
import type { IndexEngine, Refreshable, WhyLeftOut } from './index-engine.js';

export class Intake {
  readonly #engine: IndexEngine;
  readonly #begun = Date.now();
  #refreshed = false;
  /** How many files were admitted in all, where the source knows it beforehand. */
  totalFiles: number | undefined;
  /** The share of the source that was worked off, from 0 to 1, where it can be told. */
  done: (() => number) | undefined;

  /** Its name; empty where it is not known (yet). */
  repository: string;

  constructor(engine: IndexEngine, repository = '') {
    this.#engine = engine;
    this.repository = repository;
  }

  /** The repository's name, where the caller has none for it. */
  nameRepository(name: string): void {
    if (this.repository) return;
    this.repository = name;
    this.#engine.nameRepository(name);
  }

  /** The commit that the files are of; what is no full hash is passed over. */
  nameCommit(commit: string): void {
    this.#engine.nameCommit(commit);
  }

  /** When that was made. */
  nameTime(time: Date): void {
    this.#engine.nameTime(Math.max(0, Math.floor(time.getTime() / 1000)));
  }

  /** Before the first file. */
  refresh(earlier: Refreshable): void {
    this.#refreshed = this.#engine.refresh(earlier);
  }

  /** True: the file is as the earlier pack has it, and is in, unread. */
  addUnchanged(path: string, size: number, modified: number | undefined): boolean {
    if (!this.#refreshed || !this.#isSettled(modified)) return false;
    return this.#engine.addUnchanged(path, size, modified);
  }

  /** The text of the .gitignore that lies in a folder (empty: the root): before what it speaks of. */
  ignore(folder: string, text: Uint8Array): void {
    if (text.length <= GITIGNORE_BYTES) this.#engine.ignore(folder, text);
  }

  /** False: a folder not to walk into. */
  enters(folder: string): boolean {
    return this.#engine.enters(folder);
  }

  /** False: a file not to read. Each file is offered once. */
  admits(path: string, size: number): boolean {
    return this.#engine.admits(path, size);
  }

  /** `modified` in milliseconds since 1970, where the source tells it. */
  add(path: string, bytes: Uint8Array, modified: number | undefined): void {
    this.#engine.add(path, bytes, this.#isSettled(modified) ? modified : 0);
  }

  leaveOut(path: string, size: number, why: WhyLeftOut): void {
    this.#engine.leaveOut(path, size, why);
  }

  progress(): IndexProgress {
    const progress = this.#engine.progress();
    if (this.totalFiles !== undefined) progress.total_files = this.totalFiles;
    if (this.done) progress.done = Math.min(1, this.done());
    return progress;
  }

  report(): IndexReport {
    return this.#engine.report();
  }

  /** The pack. Nothing may be added any more. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.#engine.finish();
  }

  /** What it can be refreshed from, after that. */
  forward(): Uint8Array<ArrayBuffer> {
    return this.#engine.forward();
  }

  /** What changed this short a time before could change again within the same tick of its clock. */
  #isSettled(modified: number | undefined): modified is number {
    return modified !== undefined && modified < this.#begun - SETTLED_MS;
  }
}

const SETTLED_MS = 2000;

/** A larger .gitignore is not read (limits::Pack::gitignore_bytes). */
export const GITIGNORE_BYTES = 1 << 20;
export const GITIGNORE = '.gitignore';

export function isGitignore(path: string): boolean {
  return path === GITIGNORE || path.endsWith(`/${GITIGNORE}`);
}

/** The folder that a path lies in; empty for the root. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
