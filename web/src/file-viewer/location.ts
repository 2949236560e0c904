import type { PassageRef } from 'weir';
import { signal } from '@preact/signals';

/// Which file is open stands in the URL's fragment, so that a source is a plain link, Back closes it
/// and a reload keeps it.

export interface FileLocation {
  path: string;
  firstLine: number;
  lastLine: number;
}

export const openFile = signal<FileLocation | null>(null);

/** True where Back leads to the page without a file. */
let cameFromPage = false;

export function fileHref({ path, start_line, end_line }: PassageRef): string {
  return `#${new URLSearchParams({ file: path, lines: `${start_line}-${end_line}` })}`;
}

export function followLocation(): void {
  openFile.value = readLocation();
  window.addEventListener('hashchange', () => {
    const next = readLocation();
    cameFromPage = next !== null && (cameFromPage || openFile.value === null);
    openFile.value = next;
  });
}

export function closeFile(): void {
  if (openFile.value === null) return;
  if (cameFromPage) return history.back();
  history.replaceState(null, '', location.pathname + location.search);
  openFile.value = null;
}

function readLocation(): FileLocation | null {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const path = fragment.get('file');
  if (!path) return null;
  const [first = 1, last = first] = (fragment.get('lines') ?? '').split('-').map(lineNumber);
  return { path, firstLine: first, lastLine: Math.max(first, last) };
}

function lineNumber(text: string): number {
  return Math.max(1, Number.parseInt(text, 10) || 1);
}
