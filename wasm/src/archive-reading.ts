/** What all kinds of archives have in common, whoever made them. */
import { failure } from './errors.js';

export const archiveLimits = {
  /** Files, folders and links. */
  entries: 500_000,
  /** Of all that is unpacked, taken in or not; a .zip unpacks only what is taken in. */
  unpackedBytes: 4 * 2 ** 30,
};

/** An archive that breaks off, or whose parts do not fit together. */
export function damaged(cause: unknown): Error {
  return failure(
    'invalid_request',
    'The archive is damaged or cut off: it cannot be read to its end.',
    'Make or fetch it again.',
    cause,
  );
}

export function tooManyEntries(): Error {
  return failure(
    'request_too_large',
    `The archive has more than ${archiveLimits.entries.toLocaleString('en')} entries.`,
    'Pack the part of it that questions are about.',
  );
}

export function unpacksToTooMuch(): Error {
  const gigabytes = Math.round(archiveLimits.unpackedBytes / 1e9);
  return failure(
    'request_too_large',
    `The archive unpacks to more than ${gigabytes} GB.`,
    'Pack the part of it that questions are about.',
  );
}

/**
 * How many characters to take off each path: those of the one folder that holds everything, as
 * forges and file managers pack a repository. 0 where there is no such folder.
 */
export function commonRoot(paths: string[]): number {
  const first = paths[0];
  const slash = first?.indexOf('/') ?? -1;
  if (first === undefined || slash < 1) return 0;
  const root = first.slice(0, slash + 1);
  if (root === './' || root === '../') return 0;
  return paths.every((path) => path.startsWith(root)) ? root.length : 0;
}

/** Reads to the end, but not beyond `size`: an entry with more in it than it says is refused. */
export async function readWhole(
  stream: ReadableStream<Uint8Array>,
  size: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(size);
  let at = 0;
  const reader = stream.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    if (at + part.value.length > size) {
      await reader.cancel().catch(() => undefined);
      throw damaged('longer than it says');
    }
    bytes.set(part.value, at);
    at += part.value.length;
  }
  if (at < size) throw damaged('shorter than it says');
  return bytes;
}

/** `git archive` names the commit in a comment; any other comment is none. */
export function commitIn(comment: string | undefined): string | undefined {
  return comment && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(comment) ? comment : undefined;
}
