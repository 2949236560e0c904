// Archives of a folder's files, sound and otherwise.
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from '@zip.js/zip.js';
import { packTar } from 'modern-tar';

/** Path and content of every file below a folder. */
export function contents(folder) {
  return readdirSync(folder, { recursive: true })
    .filter((path) => statSync(join(folder, path)).isFile())
    .map((path) => ({ path, bytes: new Uint8Array(readFileSync(join(folder, path))) }));
}

/** Files as a folder input gives them. */
export function listOf(files) {
  return files.map(({ path, bytes }) => {
    const file = new File([bytes], path.split('/').at(-1));
    Object.defineProperty(file, 'webkitRelativePath', { value: `chosen/${path}` });
    return file;
  });
}

export async function zipOf(files, { prefix = '', comment, ...options } = {}) {
  const writer = new ZipWriter(new Uint8ArrayWriter(), { useWebWorkers: false, ...options });
  for (const { path, bytes, ...entry } of files) {
    await writer.add(prefix + path, new Uint8ArrayReader(bytes), entry);
  }
  return writer.close(comment ? new TextEncoder().encode(comment) : undefined);
}

export async function tarOf(files, { prefix = '' } = {}) {
  return packTar(
    files.map(({ path, bytes, ...header }) => ({
      header: { name: prefix + path, size: bytes?.length ?? 0, type: 'file', ...header },
      body: bytes,
    })),
  );
}

export async function tarGzOf(files, options) {
  return new Uint8Array(gzipSync(await tarOf(files, options)));
}

export const text = (content) => new TextEncoder().encode(content);
