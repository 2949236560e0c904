/** What a caller gives to be indexed, as something that can cross to a worker wherever it can. */
import type { FileSource, SourceFile } from './api.js';
import type { IndexSource } from './protocol.js';

/**
 * Of a folder input's list, what lies in these is not even handed to the worker: there may be a
 * hundred thousand files of it. What else to leave out is the engine's to say.
 */
const NEVER_OFFERED = new Set(['.git', '.hg', '.svn', 'node_modules', '__pycache__', '.venv']);

export function indexSource(source: FileSource): IndexSource {
  if (Array.isArray(source)) return { kind: 'files', files: listed(source) };
  if (source instanceof Blob) return { kind: 'archive', blob: source };
  if ('url' in source) return { kind: 'repository', address: { ...source }, access: '' };
  // A folder handle is iterable, too: over its entries, not over files.
  if ('kind' in source && source.kind === 'directory') return { kind: 'folder', folder: source };
  return { kind: 'iterable', files: source as AsyncIterable<SourceFile> };
}

/** Files of a folder input, by their paths below the chosen folder. */
function listed(files: File[]): { path: string; file: Blob }[] {
  return files
    .map((file) => ({ path: pathBelowFolder(file), file }))
    .filter(({ path }) => !foldersOf(path).some((folder) => NEVER_OFFERED.has(folder)));
}

const foldersOf = (path: string): string[] => path.split('/').slice(0, -1);

function pathBelowFolder(file: File): string {
  const path = file.webkitRelativePath;
  return path ? path.slice(path.indexOf('/') + 1) : file.name;
}
