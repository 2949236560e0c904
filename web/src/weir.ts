import type { Weir, WeirOptions } from 'weir';
import { signal } from '@preact/signals';

import { accessCode } from './access/code.ts';
import { connection } from './status/connection.ts';

interface NpmPackage {
  createWeir(options?: WeirOptions): Weir | Promise<Weir>;
}

/** What does the work; null until it has started. */
export const weir = signal<Weir | null>(null);

/**
 * Starts the npm package, which lies beside the page as it is: its worker, WebAssembly and
 * vocabularies are found relative to it.
 */
export async function startWeir(edge: URL | null): Promise<Weir> {
  const address = new URL('weir/index.js', document.baseURI).href;
  const npmPackage: NpmPackage = await import(/* @vite-ignore */ address);
  const started = await npmPackage.createWeir({
    edge,
    access: accessCode,
    onStatus: (status) => (connection.value = status),
  });
  connection.value = started.status;
  weir.value = started;
  return started;
}
