// The npm package as users get it, and files to feed it with.
import { readdir, readFile, stat } from 'node:fs/promises';
import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const packageFolder = resolve(process.env.WEIR_PACKAGE_DIR ?? join(root, 'dist/weir'));

/** The package's public module, or an inner one by its file's name. */
export const load = (name = 'index.js') => import(pathToFileURL(join(packageFolder, name)).href);

/** For who opens thousands of clients: WebAssembly is compiled once for all of them. */
export function compileOnce() {
  const { compile } = WebAssembly;
  const compiled = new Map(); // by size: the package has one module of each
  WebAssembly.compile = (bytes) => {
    const size = bytes.byteLength;
    if (!compiled.has(size)) compiled.set(size, compile(bytes));
    return compiled.get(size);
  };
}

/** All events of an answer, once it has ended. */
export async function eventsOf(answer) {
  const events = [];
  for await (const event of answer) events.push(event);
  return events;
}

/** As `weir.index` takes them. */
export async function* filesOf(folder) {
  for (const path of await readdir(folder, { recursive: true })) {
    const at = join(folder, path);
    const status = await stat(at);
    if (status.isFile()) yield { path, size: status.size, bytes: () => readFile(at) };
  }
}

/** A new folder with this repository's own sources, and files that are hard on an indexer. */
export function corpus() {
  const folder = mkdtempSync(join(tmpdir(), 'weir-corpus-'));
  for (const part of ['shared', 'wasm/src', 'wasm/engine', 'edge-server', 'tests/unit', '.ci']) {
    cpSync(join(root, part), join(folder, part), { recursive: true });
  }
  const write = (path, content) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  };
  write('src/größe.py', 'def größe_berechnen(länge):\n    """Berechnet die Größe 📏 genau."""\n');
  write('src/検索.js', '// 検索の結果を並べ替える 🎉\nexport function 並べ替え(検索結果) {}\n');
  write('src/emoji.md', '# 🦀🦀 parse the 🦀 url, then 👩‍👩‍👧 parse it again\n'.repeat(40));
  write('src/crlf.c', 'int main(void) {\r\n  return frobnicate(42);\r\n}\r\n');
  write('src/endless.txt', `${'word '.repeat(20_000)}\n`);
  write('src/empty.txt', '');
  write('src/latin1.txt', Buffer.from([0x47, 0x72, 0xf6, 0xdf, 0x65, 0x0a]));
  write('src/image.png', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 1]));
  write('node_modules/left/index.js', 'export const left = 1;\n');
  write('package-lock.json', '{"lockfileVersion": 3}\n');
  return folder;
}
