/** Sources of files, as whoever indexes them reads them. */
import type { SourceFile } from './api.js';
import { archiveFiles } from './archive.js';
import { throwIfAborted } from './errors.js';
import { GITIGNORE, GITIGNORE_BYTES, type Intake, folderOf, isGitignore } from './intake.js';
import type { IndexSource } from './protocol.js';
import { pulledFiles } from './pull.js';
import { repositoryFiles } from './repository.js';

/** Reads that are under way at once: a folder's files take a while each, and wait for nothing. */
const READS_AHEAD = 16;

const OPENED_AT_ONCE = 64;

/** Offers everything that a source has to `intake`, and yields what is to be read. */
export function admittedFiles(
  source: IndexSource,
  edge: URL | null,
  intake: Intake,
  signal: AbortSignal,
): AsyncIterable<SourceFile> {
  switch (source.kind) {
    case 'folder':
      return folderFiles(source.folder, intake, signal);
    case 'files':
      return listedFiles(source.files, intake);
    case 'archive':
      return archiveFiles(source.blob, intake, signal);
    case 'repository':
      return repositoryFiles(source, edge, intake, signal);
    case 'iterable':
      return offered(source.files, intake);
    case 'port':
      return offered(pulledFiles(source.port), intake);
  }
}

async function* offered(
  files: AsyncIterable<SourceFile>,
  intake: Intake,
): AsyncGenerator<SourceFile> {
  for await (const file of files) {
    if (intake.admits(file.path, file.size)) yield file;
  }
}

/** All of them are known beforehand, so how much has been done can be told. */
async function* known(files: SourceFile[], intake: Intake): AsyncGenerator<SourceFile> {
  const all = files.reduce((sum, { size }) => sum + size, 0);
  let given = 0;
  intake.totalFiles = files.length;
  intake.done = () => given / Math.max(1, all);
  for (const file of files) {
    yield file;
    given += file.size;
  }
}

async function* listedFiles(
  list: { path: string; file: Blob }[],
  intake: Intake,
): AsyncGenerator<SourceFile> {
  for (const { path, file } of list) {
    if (isGitignore(path) && file.size <= GITIGNORE_BYTES) {
      const text = await sourceFile(path, file)
        .bytes()
        .catch(() => new Uint8Array());
      intake.ignore(folderOf(path), text);
    }
  }
  const admitted = list.filter(({ path, file }) => intake.admits(path, file.size));
  yield* known(
    admitted.map(({ path, file }) => sourceFile(path, file)),
    intake,
  );
}

async function* folderFiles(
  folder: FileSystemDirectoryHandle,
  intake: Intake,
  signal: AbortSignal,
): AsyncGenerator<SourceFile> {
  const found: SourceFile[] = [];
  await walk(folder, '', intake, signal, found);
  yield* known(found, intake);
}

async function walk(
  folder: FileSystemDirectoryHandle,
  path: string,
  intake: Intake,
  signal: AbortSignal,
  found: SourceFile[],
): Promise<void> {
  throwIfAborted(signal);
  const folders: FileSystemDirectoryHandle[] = [];
  const files: FileSystemFileHandle[] = [];
  for await (const entry of folder.values()) {
    if (entry.kind === 'directory') folders.push(entry as FileSystemDirectoryHandle);
    else files.push(entry as FileSystemFileHandle);
  }
  const below = path ? `${path}/` : '';
  const contents = await opened(files);
  const gitignore = contents[files.findIndex(({ name }) => name === GITIGNORE)];
  if (gitignore && gitignore.size <= GITIGNORE_BYTES) {
    intake.ignore(path, new Uint8Array(await gitignore.arrayBuffer()));
  }
  files.forEach(({ name }, at) => {
    const file = contents[at];
    if (!file) intake.leaveOut(below + name, 0, 'unreadable');
    else if (intake.admits(below + name, file.size)) found.push(sourceFile(below + name, file));
  });
  for (const inner of folders) {
    const place = below + inner.name;
    if (intake.enters(place)) await walk(inner, place, intake, signal, found);
  }
}

/** Their sizes are known then; a folder may have more files than should be asked for at once. */
async function opened(handles: FileSystemFileHandle[]): Promise<(File | undefined)[]> {
  const files: (File | undefined)[] = [];
  for (let at = 0; at < handles.length; at += OPENED_AT_ONCE) {
    const some = handles.slice(at, at + OPENED_AT_ONCE);
    files.push(...(await Promise.all(some.map((one) => one.getFile().catch(() => undefined)))));
  }
  return files;
}

function sourceFile(path: string, file: Blob): SourceFile {
  return {
    path,
    size: file.size,
    ...(file instanceof File ? { modified: file.lastModified } : {}),
    bytes: async () => new Uint8Array(await file.arrayBuffer()),
  };
}

/** A file that is being read. `bytes` resolves to nothing where it could not be read after all. */
export interface ReadFile {
  path: string;
  size: number;
  modified: number | undefined;
  bytes: Promise<Uint8Array | undefined>;
}

/** Begins to read files a few ahead of whoever takes them. */
export async function* readAhead(
  files: AsyncIterable<SourceFile>,
  signal: AbortSignal,
): AsyncGenerator<ReadFile> {
  const ahead: ReadFile[] = [];
  for await (const file of files) {
    throwIfAborted(signal);
    const { path, size, modified } = file;
    ahead.push({ path, size, modified, bytes: file.bytes().catch(() => undefined) });
    if (ahead.length >= READS_AHEAD) yield ahead.shift()!;
  }
  yield* ahead;
}
