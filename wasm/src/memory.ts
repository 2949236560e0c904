import { Failure, type FailureData, failure } from './errors.js';

/** What both modules export (wasm/engine/boundary.hpp says who owns what). */
export interface BoundaryExports {
  memory: WebAssembly.Memory;
  _initialize(): void;
  weir_allocate(size: number): number;
  weir_release(pointer: number): void;
  weir_result(): number;
  weir_live_handles(): number;
}

/** Kept for small inputs between calls; larger ones get an allocation of their own. */
const SCRATCH_BYTES = 256 << 10;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * The one place that touches a module's memory. Views are made anew for every access, because
 * memory that grows detaches the old ones; whatever leaves is a copy.
 */
export class Memory {
  readonly #exports: BoundaryExports;
  #scratch = 0;
  #view: Uint8Array<ArrayBuffer> | undefined;
  readonly #onBroken: () => void;
  #broken = false;

  /** `onBroken` is told when the module has stopped for good. */
  constructor(exports: BoundaryExports, onBroken: () => void = () => {}) {
    this.#exports = exports;
    this.#onBroken = onBroken;
    exports._initialize();
  }

  /** Calls with (pointer, size) of each input, which live until the call returns. */
  pass<T>(inputs: readonly (string | Uint8Array)[], call: (...places: number[]) => T): T {
    let room = 0;
    for (const input of inputs) room += capacity(input);
    const block = this.#block(room);
    try {
      const places: number[] = [];
      let at = block;
      for (const input of inputs) {
        places.push(at, this.#write(input, at));
        at += capacity(input);
      }
      return this.guard(() => call(...places));
    } finally {
      this.#unblock(block);
    }
  }

  /** The same for one text, in less time where it is short. */
  passText<T>(text: string, call: (place: number, size: number) => T): T {
    if (capacity(text) > SCRATCH_BYTES) return this.pass([text], (at, size) => call(at!, size!));
    const at = this.#block(0);
    const { written } = encoder.encodeInto(text, this.#scratchView());
    return this.guard(() => call(at, written));
  }

  /** Calls with the place of all texts, one behind the other, and with where each of them ends. */
  passAll<T>(texts: readonly string[], call: (place: number, ends: number) => T): T {
    let room = 4 * texts.length;
    for (const text of texts) room += capacity(text);
    const block = this.#block(room);
    try {
      const view = new Uint8Array(this.#exports.memory.buffer, block, room);
      const ends = new Uint32Array(this.#exports.memory.buffer, block, texts.length);
      let at = ends.byteLength;
      texts.forEach((text, i) => {
        at += encoder.encodeInto(text, view.subarray(at)).written;
        ends[i] = at - ends.byteLength;
      });
      return this.guard(() => call(block + ends.byteLength, block));
    } finally {
      this.#unblock(block);
    }
  }

  /** Copies bytes into an allocation that the callee takes over. */
  give<T>(bytes: Uint8Array, call: (pointer: number, size: number) => T): T {
    const pointer = this.#allocate(bytes.length);
    this.#write(bytes, pointer);
    return this.guard(() => call(pointer, bytes.length));
  }

  /** The last call's result, copied; throws the failure it describes where it is one. */
  bytes(): Uint8Array<ArrayBuffer> {
    return this.#result().slice();
  }

  /** The same where it is unsigned integers of 32 bits. */
  numbers(): Uint32Array<ArrayBuffer> {
    return new Uint32Array(this.bytes().buffer);
  }

  text(): string {
    return decoder.decode(this.#result());
  }

  /** Whoever asks for a type knows which call came last. */
  json<T>(): T {
    return JSON.parse(this.text()) as T;
  }

  liveHandles(): number {
    return this.#exports.weir_live_handles();
  }

  /** A module that trapped is in no known state: every later call fails at once. */
  guard<T>(call: () => T): T {
    if (this.#broken) throw stopped();
    try {
      return call();
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError)) throw error;
      this.#broken = true;
      this.#onBroken();
      throw stopped(error);
    }
  }

  #result(): Uint8Array {
    const triple = new Uint32Array(
      this.#exports.memory.buffer,
      this.#exports.weir_result() >>> 0,
      3,
    );
    const [status = 0, pointer = 0, size = 0] = triple;
    const bytes = new Uint8Array(this.#exports.memory.buffer, pointer, size);
    if (status === 0) return bytes;
    throw new Failure(JSON.parse(decoder.decode(bytes)) as FailureData);
  }

  #block(room: number): number {
    if (room > SCRATCH_BYTES) return this.#allocate(room);
    this.#scratch ||= this.#allocate(SCRATCH_BYTES);
    return this.#scratch;
  }

  #unblock(block: number): void {
    if (block !== this.#scratch && !this.#broken) this.#exports.weir_release(block);
  }

  /** Memory that grows takes its old buffer away from views. */
  #scratchView(): Uint8Array<ArrayBuffer> {
    const { buffer } = this.#exports.memory;
    if (this.#view?.buffer !== buffer) {
      this.#view = new Uint8Array(buffer, this.#scratch, SCRATCH_BYTES);
    }
    return this.#view;
  }

  #allocate(size: number): number {
    const pointer = this.guard(() => this.#exports.weir_allocate(Math.max(size, 1))) >>> 0;
    if (pointer !== 0) return pointer;
    throw failure(
      'request_too_large',
      'There is not enough memory for this.',
      'Close packs that are not needed, or take less at once.',
    );
  }

  /** Writes at a place with room for it; the size written, in bytes. */
  #write(input: string | Uint8Array, at: number): number {
    const room = new Uint8Array(this.#exports.memory.buffer, at, capacity(input));
    if (typeof input === 'string') return encoder.encodeInto(input, room).written;
    room.set(input);
    return input.length;
  }
}

/** A UTF-16 unit is at most three bytes of UTF-8. */
function capacity(input: string | Uint8Array): number {
  return typeof input === 'string' ? 3 * input.length : input.length;
}

function stopped(cause?: unknown): Failure {
  return failure(
    'internal',
    'The engine has stopped after running out of memory or into a defect.',
    'Create it anew.',
    cause,
  );
}
