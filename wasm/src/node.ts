import { type ReadAsset, fetchedAssets, unreadable } from './module.js';

/** Node and what is like it: no page, no worker scope, but a file system. */
export const inNode =
  typeof process === 'object' &&
  typeof process.versions?.node === 'string' &&
  !('document' in globalThis);

/** Reads assets from wherever the base address points. */
export function assetsAt(base: URL): ReadAsset {
  return base.protocol === 'file:' ? readAssets(base) : fetchedAssets(base);
}

/** The contents of a `file:` address. Nothing is imported: bundlers for browsers would look for it. */
export async function readFile(address: URL): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await process.getBuiltinModule('node:fs/promises').readFile(address);
  return bytes as Uint8Array<ArrayBuffer>;
}

function readAssets(base: URL): ReadAsset {
  return (name) =>
    readFile(new URL(name, base)).catch((cause: unknown) => {
      throw unreadable(name, cause);
    });
}
