/** Files that are read by ranges: on a web server, or on this device. */
import { type Failure, failure } from './errors.js';
import type { Range } from './search-engine.js';

/** A file of a known size. */
export interface ByteSource {
  readonly size: number;
  read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array>;
  /** Nothing is read any more. */
  close?(): void;
}

/** Ranges that lie this near to each other are read as one: a request costs about as much. */
const GAP_BYTES = 256;
/** Requests that are under way at once. */
const READS_AT_ONCE = 8;

/** Joins ranges, which ascend, where that saves requests. */
export function joined(ranges: readonly Range[]): Range[] {
  const out: Range[] = [];
  for (const [offset, length] of ranges) {
    const last = out.at(-1);
    if (last && offset <= last[0] + last[1] + GAP_BYTES) {
      last[1] = Math.max(last[1], offset + length - last[0]);
    } else {
      out.push([offset, length]);
    }
  }
  return out;
}

/** Reads all of them, some at a time, and hands on each as it comes. */
export async function readRanges(
  source: ByteSource,
  ranges: readonly Range[],
  take: (offset: number, bytes: Uint8Array) => void,
  signal?: AbortSignal,
): Promise<void> {
  const left = joined(ranges);
  const work = async () => {
    for (let range = left.shift(); range; range = left.shift()) {
      take(range[0], await source.read(range[0], range[1], signal));
    }
  };
  await Promise.all(Array.from({ length: Math.min(READS_AT_ONCE, left.length) }, work));
}

/** A file of this device: a Blob reads no more of it than it is asked for. */
export class BlobSource implements ByteSource {
  readonly #blob: Blob;
  readonly size: number;

  constructor(blob: Blob) {
    this.#blob = blob;
    this.size = blob.size;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    return new Uint8Array(await this.#blob.slice(offset, offset + length).arrayBuffer());
  }
}

/** What the first request for a file brought. */
export type Opened =
  | { kind: 'ranges'; source: HttpSource; head: Uint8Array }
  /** The host knows no ranges: its answer holds all of the file. */
  | { kind: 'whole'; response: Response };

/** A file on a web server that answers ranges (RFC 9110, section 14). */
export class HttpSource implements ByteSource {
  readonly #address: URL;
  readonly #headers: Record<string, string>;
  readonly #version: string;
  readonly size: number;

  private constructor(
    address: URL,
    headers: Record<string, string>,
    version: string,
    size: number,
  ) {
    this.#address = address;
    this.#headers = headers;
    this.#version = version;
    this.size = size;
  }

  /** Asks for the first `bytes` of it, with these headers, as for all of it. Rejects with the response's status where there is none. */
  static async open(
    address: URL,
    bytes: number,
    headers: Record<string, string>,
    signal?: AbortSignal,
  ): Promise<Opened> {
    const response = await request(address, headers, 0, bytes, signal);
    const total = totalOf(response);
    // Another origin may keep Content-Range from us: then only the whole is of use.
    if (response.status === 206 && total === undefined) {
      await response.body?.cancel();
      return { kind: 'whole', response: await fetch(address, { headers, signal: signal ?? null }) };
    }
    if (response.status !== 206) return { kind: 'whole', response };
    const head = new Uint8Array(await response.arrayBuffer());
    return {
      kind: 'ranges',
      source: new HttpSource(address, headers, versionOf(response), total!),
      head,
    };
  }

  async read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array> {
    const response = await request(this.#address, this.#headers, offset, length, signal).catch(
      (cause: unknown) => {
        if (signal?.aborted) throw cause;
        throw unreachable(cause);
      },
    );
    if (response.status === 200) return this.#cut(response, offset, length);
    if (response.status !== 206 || totalOf(response) !== this.size) throw changed();
    if (versionOf(response) !== this.#version) throw changed();
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (bytes.length !== length) throw changed();
    return bytes;
  }

  /** A cache on the way, as a service worker's, may have the whole and give no ranges of it. */
  async #cut(response: Response, offset: number, length: number): Promise<Uint8Array> {
    const whole = new Uint8Array(await response.arrayBuffer());
    if (whole.length !== this.size) throw changed();
    return whole.subarray(offset, offset + length);
  }
}

function request(
  address: URL,
  headers: Record<string, string>,
  offset: number,
  length: number,
  signal?: AbortSignal,
): Promise<Response> {
  return fetch(address, {
    headers: { ...headers, Range: `bytes=${offset}-${offset + length - 1}` },
    signal: signal ?? null,
    cache: 'no-store', // what is to be kept is kept by its content (range-cache.ts)
  });
}

/** Of "bytes 0-99/12345" the last number. */
function totalOf(response: Response): number | undefined {
  const total = /\/(\d+)$/.exec(response.headers.get('Content-Range') ?? '')?.[1];
  return total === undefined ? undefined : Number(total);
}

/** What changes when the file does. */
function versionOf(response: Response): string {
  return response.headers.get('ETag') ?? response.headers.get('Last-Modified') ?? '';
}

function changed(): Failure {
  return failure(
    'pack_damaged',
    'The file has changed on its server while it was read.',
    'Open it again.',
  );
}

function unreachable(cause: unknown): Failure {
  return failure(
    'not_found',
    'A part of the pack could not be fetched.',
    'Search again when the network is back, or keep the pack on this device.',
    cause,
  );
}
