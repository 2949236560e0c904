import { assetsAddress } from './addresses.js';
import type { Counter, EncodingName, IncrementalCount } from './api.js';
import { type BoundaryExports, Memory } from './memory.js';
import { instantiate } from './module.js';
import { assetsAt } from './node.js';

interface CounterExports extends BoundaryExports {
  weir_encoding_open(vocabulary: number, size: number): number;
  weir_encoding_close(encoding: number): void;
  weir_count(encoding: number, text: number, size: number): number;
  weir_encode(encoding: number, text: number, size: number): void;
  weir_count_open(encoding: number): number;
  weir_count_append(count: number, text: number, size: number): void;
  weir_count_total(count: number): number;
  weir_count_close(count: number): void;
}

export interface CounterOptions {
  /** Where weir-counter.wasm and the vocabularies lie; beside this module unless told. */
  assets?: string | URL;
}

/** Loads the module and one vocabulary (about 1 MB); from then on everything is synchronous. */
export async function createCounter(
  encoding: EncodingName,
  options: CounterOptions = {},
): Promise<Counter> {
  const read = assetsAt(assetsAddress(options.assets));
  const [exports, vocabulary] = await Promise.all([
    instantiate<CounterExports>(read, 'weir-counter.wasm'),
    read(`${encoding}.bin`),
  ]);
  return new WasmCounter(encoding, exports, vocabulary);
}

class WasmCounter implements Counter {
  readonly encoding: EncodingName;
  readonly #exports: CounterExports;
  readonly #memory: Memory;
  readonly #handle: number;
  readonly #running = new Set<IncrementalCount>();

  constructor(encoding: EncodingName, exports: CounterExports, vocabulary: Uint8Array) {
    this.encoding = encoding;
    this.#exports = exports;
    this.#memory = new Memory(exports);
    this.#handle = this.#memory.pass([vocabulary], exports.weir_encoding_open);
    if (this.#handle === 0) this.#memory.text(); // throws why
  }

  count(text: string): number {
    return this.#memory.pass([text], (at, size) =>
      this.#exports.weir_count(this.#handle, at!, size!),
    );
  }

  encode(text: string): Uint32Array {
    this.#memory.pass([text], (at, size) => this.#exports.weir_encode(this.#handle, at!, size!));
    const bytes = this.#memory.bytes();
    return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  }

  incremental(): IncrementalCount {
    const count = new RunningCount(this.#exports, this.#memory, this.#handle, () =>
      this.#running.delete(count),
    );
    this.#running.add(count);
    return count;
  }

  dispose(): void {
    for (const count of this.#running) count.dispose();
    this.#exports.weir_encoding_close(this.#handle);
  }
}

class RunningCount implements IncrementalCount {
  readonly #exports: CounterExports;
  readonly #memory: Memory;
  readonly #handle: number;
  readonly #onDispose: () => void;
  /** The first half of a surrogate pair whose second half may come with the next text. */
  #half = '';

  constructor(exports: CounterExports, memory: Memory, encoding: number, onDispose: () => void) {
    this.#exports = exports;
    this.#memory = memory;
    this.#handle = memory.guard(() => exports.weir_count_open(encoding));
    this.#onDispose = onDispose;
  }

  append(text: string): void {
    const whole = this.#half + text;
    const last = whole.charCodeAt(whole.length - 1);
    this.#half = last >= 0xd800 && last < 0xdc00 ? whole.slice(-1) : '';
    const complete = this.#half ? whole.slice(0, -1) : whole;
    this.#memory.pass([complete], (at, size) =>
      this.#exports.weir_count_append(this.#handle, at!, size!),
    );
  }

  get total(): number {
    return this.#memory.guard(() => this.#exports.weir_count_total(this.#handle));
  }

  dispose(): void {
    this.#exports.weir_count_close(this.#handle);
    this.#onDispose();
  }
}
