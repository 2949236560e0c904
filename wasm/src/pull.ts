/**
 * Files that only the page can read (an iterable of the caller's), asked for by the worker one by
 * one over a port, so that indexing is the same loop wherever the files come from.
 */
import type { SourceFile } from './api.js';
import { Failure, type FailureData, failureData } from './errors.js';

type Wanted = { want: 'next' } | { want: 'bytes'; file: number } | { want: 'end' };

type Given =
  | { file: number; path: string; size: number }
  | { bytes: Uint8Array<ArrayBuffer> }
  | { done: true }
  | { failure: FailureData };

/** Page side: serves the files until the worker has had enough. Hand the port's other end over. */
export function serveFiles(files: AsyncIterable<SourceFile>, port: MessagePort): void {
  const iterator = files[Symbol.asyncIterator]();
  const known = new Map<number, SourceFile>();
  let last = 0;

  async function next(): Promise<Given> {
    const { done, value } = await iterator.next();
    if (done) return { done: true };
    known.set(++last, value);
    return { file: last, path: value.path, size: value.size };
  }

  async function bytes(file: number): Promise<Given> {
    const wanted = known.get(file);
    known.delete(file);
    if (!wanted) throw new RangeError('no such file');
    return { bytes: (await wanted.bytes()).slice() };
  }

  async function answer(wanted: Wanted): Promise<Given> {
    if (wanted.want === 'next') return next();
    if (wanted.want === 'bytes') return bytes(wanted.file);
    await iterator.return?.();
    port.close();
    return { done: true };
  }

  // Answers go back in the order of the questions: a file is read while the next is looked up.
  let turn: Promise<unknown> = Promise.resolve();
  port.onmessage = ({ data }: MessageEvent<Wanted>) => {
    const given = answer(data).catch((reason: unknown): Given => ({
      failure: failureData(reason),
    }));
    turn = turn.then(async () => {
      const ready = await given;
      port.postMessage(ready, 'bytes' in ready ? [ready.bytes.buffer] : []);
    });
  };
}

/** Worker side. */
export async function* pulledFiles(port: MessagePort): AsyncGenerator<SourceFile, void, void> {
  const waiting: ((given: Given) => void)[] = [];
  port.onmessage = ({ data }: MessageEvent<Given>) => waiting.shift()?.(data);

  async function ask(wanted: Wanted): Promise<Given> {
    const given = await new Promise<Given>((resolve) => {
      waiting.push(resolve);
      port.postMessage(wanted);
    });
    if ('failure' in given) throw new Failure(given.failure);
    return given;
  }

  try {
    for (;;) {
      const given = await ask({ want: 'next' });
      if (!('file' in given)) return;
      yield {
        path: given.path,
        size: given.size,
        bytes: async () => {
          const read = await ask({ want: 'bytes', file: given.file });
          return 'bytes' in read ? read.bytes : new Uint8Array();
        },
      };
    }
  } finally {
    port.postMessage({ want: 'end' } satisfies Wanted);
    port.close();
  }
}
