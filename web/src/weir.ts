import type { Weir, WeirOptions } from 'weir';
import { signal } from '@preact/signals';

import { accessCode } from './access/code.ts';
import { connection } from './status/connection.ts';

interface NpmPackage {
  createWeir(options?: WeirOptions): Weir | Promise<Weir>;
}

/** What does the work; null until it has started. */
export const weir = signal<Weir | null>(null);

let settleStart: { resolve(weir: Weir): void; reject(reason: unknown): void };
/** The same for who has to wait for it. */
export const started = new Promise<Weir>((resolve, reject) => (settleStart = { resolve, reject }));
started.catch(() => undefined); // Who started it tells the reader.

export function failToStart(reason: unknown): void {
  settleStart.reject(reason);
}

/**
 * Starts the npm package, which lies beside the page as it is: its worker, WebAssembly and
 * vocabularies are found relative to it.
 */
export async function startWeir(edge: URL | null): Promise<Weir> {
  const address = new URL('weir/index.js', document.baseURI).href;
  const npmPackage: NpmPackage = await import(/* @vite-ignore */ address);
  const host = await npmPackage.createWeir({
    edge,
    access: accessCode,
    onStatus: (status) => (connection.value = status),
  });
  connection.value = host.status;
  weir.value = host;
  settleStart.resolve(host);
  return host;
}
