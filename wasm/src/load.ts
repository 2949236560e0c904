/** Packs by address, as a blob or as bytes: whole where they are small, else by ranges. */
import { bearer } from './access.js';
import { BlobSource, type ByteSource, HttpSource } from './byte-sources.js';
import { Failure, cancelled, failure, throwIfAborted } from './errors.js';
import type { LoadProgress, PackSource } from './protocol.js';
import { cached } from './range-cache.js';

type OnProgress = (progress: LoadProgress) => void;

/** Reads a `file:` address, where there is a file system. */
export type ReadFile = (address: URL) => Promise<Uint8Array>;

/** A file's beginning, which is asked for first: it tells what the file is. */
const HEAD_BYTES = 4096;
/** Files up to this size are read whole: that is sooner done than several ranges of it. */
const WHOLE_BYTES = 1 << 20;

/** All of a file, or a way to its ranges, with its beginning where that is known already. */
export type Loaded = { whole: Uint8Array } | { ranges: ByteSource; head?: Uint8Array };

export async function load(
  source: PackSource,
  signal: AbortSignal,
  progress: OnProgress,
  readFile?: ReadFile,
): Promise<Loaded> {
  throwIfAborted(signal);
  if ('bytes' in source) return { whole: source.bytes };
  if ('blob' in source) return loadBlob(source.blob);
  const address = new URL(source.url);
  try {
    if (address.protocol === 'file:' && readFile) return { whole: await readFile(address) };
    return await loadAddress(address, signal, { progress, headers: bearer(source.access) });
  } catch (cause) {
    if (signal.aborted) throw cancelled();
    throw cause instanceof Failure ? cause : unreachable(cause);
  }
}

async function loadBlob(blob: Blob): Promise<Loaded> {
  if (blob.size > WHOLE_BYTES) return { ranges: new BlobSource(blob) };
  return { whole: new Uint8Array(await blob.arrayBuffer()) };
}

export interface AddressOptions {
  progress?: OnProgress;
  wholeBytes?: number;
  /** Of each request: who asks, where the server wants to know. */
  headers?: Record<string, string>;
}

/** By ranges where the host is for it and the file is larger than `wholeBytes`. */
export async function loadAddress(
  address: URL,
  signal: AbortSignal | undefined,
  { progress = () => undefined, wholeBytes = WHOLE_BYTES, headers = {} }: AddressOptions = {},
): Promise<Loaded> {
  const opened = await HttpSource.open(address, HEAD_BYTES, headers, signal);
  if (opened.kind === 'whole') return { whole: await bodyOf(opened.response, progress) };
  const { source, head } = opened;
  progress({ loaded_bytes: head.length, total_bytes: source.size });
  if (source.size > wholeBytes) return { ranges: await cached(source, head), head };
  const rest = source.size - head.length;
  const parts = rest > 0 ? [head, await source.read(head.length, rest, signal)] : [head];
  progress({ loaded_bytes: source.size, total_bytes: source.size });
  return { whole: joined(parts, source.size) };
}

async function bodyOf(response: Response, progress: OnProgress): Promise<Uint8Array> {
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
