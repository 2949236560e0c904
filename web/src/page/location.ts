import type { PassageRef } from 'weir';
import { signal } from '@preact/signals';

/// What is shown stands in the URL's fragment, which no request carries: a file at its lines, so that a
/// source is a plain link, Back closes it and a reload keeps it; and whose answer is read, where the
/// page was opened by a link to one.

export interface FileLocation {
  path: string;
  firstLine: number;
  lastLine: number;
}

export const openFile = signal<FileLocation | null>(null);

/** The id of the answer that a link leads to: the right to read it. */
export const linkedAnswer = signal<string | null>(null);

/** True where Back leads to the page without a file. */
let cameFromPage = false;

export function fileHref({ path, start_line, end_line }: PassageRef): string {
  const file = { file: path, lines: `${start_line}-${end_line}` };
  return `#${new URLSearchParams({ ...linked(), ...file })}`;
}

/** The address of this page with someone's answer: id and nothing else, the question least of all. */
export function answerLink(answer: string): string {
  return new URL(`#${new URLSearchParams({ answer })}`, bareAddress()).href;
}

export function followLocation(): void {
  read();
  window.addEventListener('hashchange', () => {
    const before = openFile.value;
    read();
    cameFromPage = openFile.value !== null && (cameFromPage || before === null);
  });
}

export function closeFile(): void {
  if (openFile.value === null) return;
  if (cameFromPage) return history.back();
  const rest = new URLSearchParams(linked()).toString();
  history.replaceState(null, '', bareAddress() + (rest && `#${rest}`));
  openFile.value = null;
}

export function leaveLinkedAnswer(): void {
  history.pushState(null, '', bareAddress());
  read();
}

function linked(): Record<string, string> {
  return linkedAnswer.value === null ? {} : { answer: linkedAnswer.value };
}

function bareAddress(): string {
  return location.href.replace(/#.*$/s, '');
}

function read(): void {
  const fragment = new URLSearchParams(location.hash.slice(1));
  linkedAnswer.value = fragment.get('answer');
  const path = fragment.get('file');
  const [first = 1, last = first] = (fragment.get('lines') ?? '').split('-').map(lineNumber);
  openFile.value = path ? { path, firstLine: first, lastLine: Math.max(first, last) } : null;
}

function lineNumber(text: string): number {
  return Math.max(1, Number.parseInt(text, 10) || 1);
}
