/** .zip, by zip.js, which reads the central directory first and checks sizes and checksums. */
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
  encrypted: boolean;
  link: boolean;
  bytes(): Promise<Uint8Array<ArrayBuffer>>;
}

export async function* zipFiles(
  archive: Blob,
  intake: Intake,
  signal: AbortSignal,
): AsyncGenerator<SourceFile> {
  const { entries, commit } = await directory(archive, signal);
  const root = commonRoot(entries.map(({ path }) => path));
  // What git packed is what it tracks: no .gitignore speaks of that.
  if (commit) intake.nameCommit(commit);
  else await readGitignores(entries, root, intake);
  const admitted: SourceFile[] = [];
  for (const { path: whole, size, encrypted, link, bytes } of entries) {
    const path = whole.slice(root);
    if (link || encrypted) intake.leaveOut(path, size, link ? 'link' : 'encrypted');
    else if (intake.admits(path, size)) admitted.push({ path, size, bytes });
  }
  const all = admitted.reduce((sum, { size }) => sum + size, 0);
  if (all > archiveLimits.unpackedBytes) throw unpacksToTooMuch();
  let given = 0;
  intake.totalFiles = admitted.length;
  intake.done = () => given / Math.max(1, all);
  for (const file of admitted) {
    throwIfAborted(signal);
    yield file;
    given += file.size;
  }
}

/** The archive's comment is the commit where git made it (`git archive`). */
async function directory(
  archive: Blob,
  signal: AbortSignal,
): Promise<{ entries: Entry[]; commit: string | undefined }> {
  const { BlobReader, ZipReader, configure } = await import('./zip-library.js');
  configure({ useWebWorkers: false }); // this is a worker
  const reader = new ZipReader(new BlobReader(archive), {
    // Names are the engine's to judge: one bad one does not spoil the rest.
    filenameValidation: 'tolerant',
    normalizeFilename: withSlashes,
    checkSignature: true,
  });
  const entries: Entry[] = [];
  try {
    let number = 0;
    for await (const entry of reader.getEntriesGenerator()) {
      throwIfAborted(signal);
      if (++number > archiveLimits.entries) throw tooManyEntries();
      if (entry.directory) continue;
      entries.push({
        path: entry.filename.replace(/^(?:\.\/)+/, ''),
        size: entry.uncompressedSize,
        encrypted: entry.encrypted,
        link: isLink(entry),
        bytes: async () => {
          const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
          const [bytes] = await Promise.all([
            readWhole(readable, entry.uncompressedSize),
            entry.getData(writable),
          ]);
          return bytes;
        },
      });
    }
  } catch (cause) {
    throwIfAborted(signal);
    throw cause instanceof Failure ? cause : damaged(cause);
  }
  const comment = new TextDecoder().decode(reader.comment);
  return { entries, commit: commitIn(comment) };
}

/** Some archivers of Windows write backslashes. */
function withSlashes(name: string): string | undefined {
  return name.includes('/') ? undefined : name.replaceAll('\\', '/');
}

/** The upper half of the attributes is Unix's file mode, where Unix packed it. */
function isLink({ externalFileAttributes }: { externalFileAttributes: number }): boolean {
  const FILE_TYPE = 0o170000;
  const SYMBOLIC_LINK = 0o120000;
  return ((externalFileAttributes >>> 16) & FILE_TYPE) === SYMBOLIC_LINK;
}

async function readGitignores(entries: Entry[], root: number, intake: Intake): Promise<void> {
  for (const { path, size, encrypted, link, bytes } of entries) {
    if (encrypted || link || size > GITIGNORE_BYTES || !isGitignore(path)) continue;
    const text = await bytes().catch(() => new Uint8Array());
    intake.ignore(folderOf(path.slice(root)), text);
  }
}
