/** Where files to index come from. */
import type { FileSource, SourceFile } from './api.js';
import { throwIfAborted } from './errors.js';
import type { IndexSource } from './protocol.js';
import { pulledFiles } from './pull.js';

/**
 * Folders that are never walked into: what they hold is not the repository's own, and there may be
 * a hundred thousand files of it. What else to leave out is the engine's to say, by its globs.
 */
const SKIPPED_FOLDERS = new Set(['.git', '.hg', '.svn', 'node_modules', '__pycache__', '.venv']);

/** Reads that are under way at once: a folder's files take a while each, and wait for nothing. */
const READS_AHEAD = 16;

/** What the caller gave, as something that can cross to a worker wherever it can. */
export function indexSource(source: FileSource): IndexSource {
  if (Array.isArray(source)) return { kind: 'files', files: listed(source) };
  // A folder handle is iterable, too: over its entries, not over files.
  if ('kind' in source && source.kind === 'directory') return { kind: 'folder', folder: source };
  return { kind: 'iterable', files: source as AsyncIterable<SourceFile> };
}

/** Files of a folder input, by their paths below the chosen folder. */
function listed(files: File[]): { path: string; file: Blob }[] {
  return files
    .map((file) => ({ path: pathBelowFolder(file), file }))
    .filter(
      ({ path }) =>
        !path
          .split('/')
          .slice(0, -1)
          .some((part) => SKIPPED_FOLDERS.has(part)),
    );
}

function pathBelowFolder(file: File): string {
  const path = file.webkitRelativePath;
  return path ? path.slice(path.indexOf('/') + 1) : file.name;
}

export interface Files {
  files: AsyncIterable<SourceFile>;
  total?: number;
}

export function filesOf(source: IndexSource): Files {
  switch (source.kind) {
    case 'folder':
      return { files: filesBelow(source.folder, '') };
    case 'files':
      return { files: listedFiles(source.files), total: source.files.length };
    case 'iterable':
      return { files: source.files };
    case 'port':
      return { files: pulledFiles(source.port) };
  }
}

async function* listedFiles(files: { path: string; file: Blob }[]): AsyncGenerator<SourceFile> {
  for (const { path, file } of files) yield sourceFile(path, file);
}

async function* filesBelow(
  folder: FileSystemDirectoryHandle,
  prefix: string,
): AsyncGenerator<SourceFile> {
  for await (const [name, entry] of folder.entries()) {
    if (entry.kind === 'directory') {
      if (!SKIPPED_FOLDERS.has(name)) {
        yield* filesBelow(entry as FileSystemDirectoryHandle, `${prefix}${name}/`);
      }
    } else {
      yield sourceFile(prefix + name, await (entry as FileSystemFileHandle).getFile());
    }
  }
}

function sourceFile(path: string, file: Blob): SourceFile {
  return {
    path,
    size: file.size,
    bytes: async () => new Uint8Array(await file.arrayBuffer()),
  };
}

/** A file that was admitted. `bytes` resolves to nothing where it could not be read after all. */
export interface AdmittedFile {
  path: string;
  bytes: Promise<Uint8Array | undefined>;
}

/** Begins to read what `admit` lets in, a few files ahead of whoever takes them. */
export async function* admittedFiles(
  files: AsyncIterable<SourceFile>,
  admit: (path: string, size: number) => boolean,
  signal: AbortSignal,
): AsyncGenerator<AdmittedFile> {
  const ahead: AdmittedFile[] = [];
  for await (const file of files) {
    throwIfAborted(signal);
    if (!admit(file.path, file.size)) continue;
    ahead.push({ path: file.path, bytes: file.bytes().catch(() => undefined) });
    if (ahead.length >= READS_AHEAD) yield ahead.shift()!;
  }
  yield* ahead;
}
