/** Packs by address, as a blob or as bytes. */
import { Failure, cancelled, failure, throwIfAborted } from './errors.js';
import type { LoadProgress, PackSource } from './protocol.js';

type OnProgress = (progress: LoadProgress) => void;

/** Reads a `file:` address, where there is a file system. */
export type ReadFile = (address: URL) => Promise<Uint8Array>;

export async function load(
  source: PackSource,
  signal: AbortSignal,
  progress: OnProgress,
  readFile?: ReadFile,
): Promise<Uint8Array> {
  throwIfAborted(signal);
  if ('bytes' in source) return source.bytes;
  if ('blob' in source) return new Uint8Array(await source.blob.arrayBuffer());
  const address = new URL(source.url);
  const local = address.protocol === 'file:' && readFile;
  try {
    return await (local ? local(address) : fetched(address, signal, progress));
  } catch (cause) {
    if (signal.aborted) throw cancelled();
    throw cause instanceof Failure ? cause : unreachable(cause);
  }
}

async function fetched(
  address: URL,
  signal: AbortSignal,
  progress: OnProgress,
): Promise<Uint8Array> {
  const response = await fetch(address, { signal });
  if (!response.ok) throw refused(response.status);
  const total = totalBytes(response);
  const parts: Uint8Array[] = [];
  let loaded = 0;
  const reader = response.body?.getReader();
  for (;;) {
    const read = await reader?.read();
    if (!read || read.done) break;
    parts.push(read.value);
    loaded += read.value.length;
    progress({ loaded_bytes: loaded, ...(total === undefined ? {} : { total_bytes: total }) });
  }
  return joined(parts, loaded);
}

/** Content-Length counts what is sent, which is not what is read where it is compressed. */
function totalBytes(response: Response): number | undefined {
  const length = Number(response.headers.get('Content-Length') ?? NaN);
  return response.headers.has('Content-Encoding') || Number.isNaN(length) ? undefined : length;
}

function joined(parts: Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function refused(status: number): Error {
  if (status === 401 || status === 403) {
    return failure('unauthorized', 'The pack may not be read.', 'Sign in where it is served.');
  }
  return failure(
    'not_found',
    `The pack could not be fetched: status ${status}.`,
    'Check its address.',
  );
}

function unreachable(cause: unknown): Error {
  return failure(
    'not_found',
    'The pack could not be fetched.',
    'Check its address, the network, and whether its server lets this page read it.',
    cause,
  );
}
