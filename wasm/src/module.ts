import { Failure, failure } from './errors.js';
import type { BoundaryExports } from './memory.js';

/** Reads one of the files that lie beside this module, by name. */
export type ReadAsset = (name: string, signal?: AbortSignal) => Promise<Uint8Array<ArrayBuffer>>;

/** Reads from a web server. */
export function fetchedAssets(base: URL): ReadAsset {
  return async (name, signal) => {
    const address = new URL(name, base);
    const response = await fetch(address, signal ? { signal } : {}).catch((cause: unknown) => {
      throw unreadable(name, cause);
    });
    if (!response.ok) throw unreadable(name, `status ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  };
}

export function unreadable(name: string, cause: unknown): Error {
  return failure(
    'not_found',
    `${name} could not be loaded.`,
    'It lies beside the module of the package, or where the option `assets` says.',
    cause,
  );
}

/** Compiled once, however often it is started: compiling takes as long as indexing a small repository. */
const compiled = new WeakMap<ReadAsset, Map<string, Promise<WebAssembly.Module>>>();

function compile(read: ReadAsset, name: string): Promise<WebAssembly.Module> {
  const modules = compiled.get(read) ?? new Map<string, Promise<WebAssembly.Module>>();
  compiled.set(read, modules);
  const module = modules.get(name) ?? read(name).then((bytes) => WebAssembly.compile(bytes));
  modules.set(name, module);
  module.catch(() => modules.delete(name));
  return module;
}

/** Starts a module. It has no imports: it can compute, and nothing else. */
export async function instantiate<Exports extends BoundaryExports>(
  read: ReadAsset,
  name: string,
): Promise<Exports> {
  try {
    const instance = await WebAssembly.instantiate(await compile(read, name), {});
    return instance.exports as unknown as Exports;
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    throw failure(
      'internal',
      `${name} could not be started: ${String(cause)}`,
      "It needs WebAssembly with SIMD, and a content security policy that has 'wasm-unsafe-eval'.",
      cause,
    );
  }
}
