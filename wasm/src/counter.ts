import { assetsAddress } from './addresses.js';
import type { Counter, EncodingName, IncrementalCount } from './api.js';
import { type BoundaryExports, Memory } from './memory.js';
import { type ReadAsset, instantiate } from './module.js';
import { assetsAt } from './node.js';

interface CounterExports extends BoundaryExports {
  weir_encoding_open(vocabulary: number, size: number): number;
  weir_encoding_close(encoding: number): void;
  weir_count(encoding: number, text: number, size: number): number;
  weir_count_all(encoding: number, texts: number, ends: number, count: number): void;
  weir_fitting(encoding: number, text: number, size: number, most: number): number;
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

/**
 * Loads the module and one vocabulary (a third of a megabyte for cl100k_base, two thirds for o200k_base,
 * where the server compresses); from then on everything is synchronous. Counters of the same encoding
 * share what is loaded; it goes with the last one of them.
 */
export async function createCounter(
  encoding: EncodingName,
  options: CounterOptions = {},
): Promise<Counter> {
  const assets = assetsAddress(options.assets);
  const key = `${encoding} ${assets.href}`;
  let engine = engines.get(key);
  if (!engine) {
    engine = loadEngine(encoding, assetsAt(assets), key);
    engines.set(key, engine);
    engine.catch(() => engines.delete(key)); // the next one tries again
  }
  return new WasmCounter(encoding, (await engine).share());
}

const engines = new Map<string, Promise<CounterEngine>>();

async function loadEngine(
  encoding: EncodingName,
  read: ReadAsset,
  key: string,
): Promise<CounterEngine> {
  const [exports, vocabulary] = await Promise.all([
    instantiate<CounterExports>(read, 'weir-counter.wasm'),
    read(`${encoding}.bin`),
  ]);
  return new CounterEngine(exports, vocabulary, () => engines.delete(key));
}

/** A module with an open encoding, and how many counters use it. */
class CounterEngine {
  readonly exports: CounterExports;
  readonly memory: Memory;
  readonly encoding: number;
  readonly #onUnused: () => void;
  #users = 0;

  constructor(exports: CounterExports, vocabulary: Uint8Array, onUnused: () => void) {
    this.exports = exports;
    this.memory = new Memory(exports, onUnused);
    this.encoding = this.memory.pass([vocabulary], exports.weir_encoding_open);
    if (this.encoding === 0) this.memory.text(); // throws why
    this.#onUnused = onUnused;
  }

  share(): this {
    this.#users += 1;
    return this;
  }

  release(): void {
    this.#users -= 1;
    if (this.#users === 0) this.#onUnused();
  }
}

class WasmCounter implements Counter {
  readonly encoding: EncodingName;
  readonly #engine: CounterEngine;
  readonly #running = new Set<IncrementalCount>();
  #disposed = false;

  constructor(encoding: EncodingName, engine: CounterEngine) {
    this.encoding = encoding;
    this.#engine = engine;
  }

  count(text: string): number {
    const { exports, memory, encoding } = this.#engine;
    return memory.passText(text, (at, size) => exports.weir_count(encoding, at, size));
  }

  countAll(texts: readonly string[]): Uint32Array {
    const { exports, memory, encoding } = this.#engine;
    memory.passAll(texts, (at, ends) => exports.weir_count_all(encoding, at, ends, texts.length));
    return memory.numbers();
  }

  encode(text: string): Uint32Array {
    const { exports, memory, encoding } = this.#engine;
    memory.passText(text, (at, size) => exports.weir_encode(encoding, at, size));
    return memory.numbers();
  }

  fitting(text: string, tokens: number): number {
    const { exports, memory, encoding } = this.#engine;
    const most = Math.min(Math.max(Math.floor(tokens), 0), 0xffff_ffff);
    return memory.passText(text, (at, size) => exports.weir_fitting(encoding, at, size, most));
  }

  incremental(): IncrementalCount {
    const count = new RunningCount(this.#engine, () => this.#running.delete(count));
    this.#running.add(count);
    return count;
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    for (const count of this.#running) count.dispose();
    this.#engine.release();
  }
}

class RunningCount implements IncrementalCount {
  readonly #engine: CounterEngine;
  readonly #handle: number;
  readonly #onDispose: () => void;
  /** The first half of a surrogate pair whose second half may come with the next text. */
  #half = '';

  constructor(engine: CounterEngine, onDispose: () => void) {
    this.#engine = engine;
    this.#handle = engine.memory.guard(() => engine.exports.weir_count_open(engine.encoding));
    this.#onDispose = onDispose;
  }

  append(text: string): void {
    const whole = this.#half + text;
    const last = whole.charCodeAt(whole.length - 1);
    this.#half = last >= 0xd800 && last < 0xdc00 ? whole.slice(-1) : '';
    const complete = this.#half ? whole.slice(0, -1) : whole;
    const { exports, memory } = this.#engine;
    memory.passText(complete, (at, size) => exports.weir_count_append(this.#handle, at, size));
  }

  get total(): number {
    const { exports, memory } = this.#engine;
    return memory.guard(() => exports.weir_count_total(this.#handle));
  }

  dispose(): void {
    this.#engine.exports.weir_count_close(this.#handle);
    this.#onDispose();
  }
}
