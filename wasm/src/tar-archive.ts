/** .tar and .tar.gz, by modern-tar. */
import type { SourceFile } from './api.js';
import {
  archiveLimits,
  commitIn,
  commonRoot,
  damaged,
  readWhole,
  tooManyEntries,
  unpacksToTooMuch,
} from './archive-reading.js';
import { Failure, throwIfAborted } from './errors.js';
import { GITIGNORE_BYTES, type Intake, folderOf, isGitignore } from './intake.js';

interface Entry {
  path: string;
  size: number;
  kind: 'file' | 'folder' | 'other';
  /** The commit, where git made the archive (`git archive` writes it in a global header). */
  commit: string | undefined;
  /** Of what git packed, the commit's. */
  time: Date | undefined;
  /** The whole content. To be called before the next entry is taken, or not at all. */
  bytes(): Promise<Uint8Array<ArrayBuffer>>;
}

/**
 * A file can be read twice: once for what it holds, which tells what is to be left out and how much
 * there is to do, and once for the texts.
 */
export async function* tarFiles(
  archive: Blob,
  zipped: boolean,
  intake: Intake,
  signal: AbortSignal,
): AsyncGenerator<SourceFile> {
  const entries = () => tarEntries(archive.stream(), zipped, signal);
  const admitted = await survey(entries(), intake);
  let all = 0;
  for (const { size } of admitted.values()) all += size;
  let given = 0;
  intake.totalFiles = admitted.size;
  intake.done = () => given / Math.max(1, all);
  let number = 0;
  for await (const entry of entries()) {
    const known = admitted.get(number++);
    if (!known) continue;
    const bytes = await entry.bytes();
    yield { ...known, bytes: async () => bytes };
    given += known.size;
  }
}

/** Which entries are to be read, by their number. */
async function survey(
  entries: AsyncIterable<Entry>,
  intake: Intake,
): Promise<Map<number, { path: string; size: number }>> {
  const files: { number: number; path: string; size: number; link: boolean }[] = [];
  const gitignores: { path: string; text: Uint8Array }[] = [];
  let commit: string | undefined;
  let time: Date | undefined;
  let number = 0;
  for await (const { path, size, kind, bytes, ...entry } of entries) {
    commit ??= entry.commit;
    time ??= entry.time;
    if (kind !== 'folder') files.push({ number, path, size, link: kind === 'other' });
    if (kind === 'file' && isGitignore(path) && size <= GITIGNORE_BYTES) {
      gitignores.push({ path, text: await bytes() });
    }
    number += 1;
  }
  const root = commonRoot(files.map(({ path }) => path));
  // What git packed is what it tracks: no .gitignore speaks of that.
  if (commit) intake.nameCommit(commit);
  if (commit && time) intake.nameTime(time);
  if (!commit)
    for (const { path, text } of gitignores) intake.ignore(folderOf(path.slice(root)), text);
  const admitted = new Map<number, { path: string; size: number }>();
  for (const { number, link, size, ...file } of files) {
    const path = file.path.slice(root);
    if (link) intake.leaveOut(path, size, 'link');
    else if (intake.admits(path, size)) admitted.set(number, { path, size });
  }
  return admitted;
}

/** Everything in an archive that is read as it comes. */
export async function* tarEntries(
  stream: ReadableStream<Uint8Array>,
  zipped: boolean,
  signal: AbortSignal,
): AsyncGenerator<Entry> {
  const { createTarDecoder } = await import('./tar-library.js');
  const unzipped = zipped ? stream.pipeThrough(gunzip()) : stream;
  const reader = unzipped
    .pipeThrough(counted())
    .pipeThrough(createTarDecoder({ strict: true }))
    .getReader();
  const stop = () => void reader.cancel().catch(() => undefined);
  signal.addEventListener('abort', stop);
  try {
    for (let number = 1; ; number++) {
      const { done, value } = await reader.read();
      throwIfAborted(signal);
      if (done) return;
      if (number > archiveLimits.entries) throw tooManyEntries();
      const { header, body } = value;
      let taken = false;
      yield {
        path: header.name.replace(/^(?:\.\/)+/, ''),
        size: header.size,
        kind: kindOf(header.type),
        commit: commitIn(header.pax?.['comment']),
        time: header.mtime,
        bytes: () => {
          taken = true;
          return readWhole(body, header.size);
        },
      };
      // Not cancelled: a body that is cancelled late takes the next one's content away from it.
      if (!taken) await body.pipeTo(new WritableStream());
    }
  } catch (cause) {
    throwIfAborted(signal);
    throw cause instanceof Failure ? cause : damaged(cause);
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
  }
}

function kindOf(type: string | undefined): Entry['kind'] {
  if (type === 'directory') return 'folder';
  return type === 'file' || type === undefined ? 'file' : 'other';
}

/** The platform's types do not say that it takes any bytes. */
function gunzip(): ReadableWritablePair<Uint8Array, Uint8Array> {
  return new DecompressionStream('gzip') as unknown as ReadableWritablePair<Uint8Array, Uint8Array>;
}

function counted(): TransformStream<Uint8Array, Uint8Array> {
  let bytes = 0;
  return new TransformStream({
    transform(chunk, controller) {
      bytes += chunk.length;
      if (bytes > archiveLimits.unpackedBytes) controller.error(unpacksToTooMuch());
      else controller.enqueue(chunk);
    },
  });
}
