// The npm package on a page of its own, served from a folder deep down, under the strictest policy.
import { expect, test } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, resolve } from 'node:path';

type Package = typeof import('../../wasm/src/index.js');

const folder = resolve(
  process.env['WEIR_PACKAGE_DIR'] ?? join(import.meta.dirname, '../../dist/weir'),
);
const types: Record<string, string> = { '.js': 'text/javascript', '.wasm': 'application/wasm' };
const policy = [
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'",
  "require-trusted-types-for 'script'; trusted-types weir",
].join('; ');

let server: Server;
let base: string;

test.beforeAll(async () => {
  server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const file = pathname.replace(/^\/deep\/down\/weir\//, '');
    response.setHeader('content-security-policy', policy);
    if (pathname === '/deep/down/') {
      response.setHeader('content-type', 'text/html').end('<!doctype html><title>page</title>');
    } else if (/^[\w-]+\.\w+$/.test(file)) {
      response.setHeader('content-type', types[extname(file)] ?? 'application/octet-stream');
      response.end(readFileSync(join(folder, file)));
    } else {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/deep/down/`;
});

test.afterAll(() => server.close());

test.beforeEach(async ({ page }) => {
  await page.goto(base);
  await page.evaluate(async (address) => {
    const weir = (await import(address)) as Package;
    const files = async function* (count: number) {
      for (let i = 0; i < count; i += 1) {
        const text = `int frobnicate_${i}(int größe) { return größe + ${i}; }\n`;
        const bytes = new TextEncoder().encode(text);
        yield { path: `src/f${i}.c`, size: bytes.length, bytes: async () => bytes };
      }
    };
    Object.assign(globalThis, { weir, files });
  }, `${base}weir/index.js`);
});

declare const weir: Package;
declare const files: (count: number) => AsyncGenerator<{
  path: string;
  size: number;
  bytes(): Promise<Uint8Array<ArrayBuffer>>;
}>;

test('indexes in its worker, searches, plans and answers', async ({ page }) => {
  const seen = await page.evaluate(async () => {
    const engine = await weir.createWeir();
    const pack = await engine.index(files(300), { repository: 'me/widgets' });
    const context = await pack.search('größe frobnicate_7');
    const request = {
      repo_url: 'me/widgets',
      messages: [{ role: 'user' as const, content: 'frobnicate?' }],
      context,
    };
    const plan = await engine.plan(request);
    const events = [];
    for await (const event of engine.ask(request)) events.push(event);
    engine.dispose();
    const after = await pack.search('x').catch(({ code }: { code: string }) => code);
    return { files: pack.info.files, best: context[0], plan, events, after };
  });
  expect(seen.files).toBe(300);
  expect(seen.best?.path).toBe('src/f7.c');
  expect(seen.events[0]).toMatchObject({
    type: 'accepted',
    prompt_tokens: seen.plan.prompt_tokens,
  });
  expect(seen.events.at(-1)).toMatchObject({ type: 'done' });
  expect(seen.after).toBe('cancelled');
});

test('stops indexing when the signal aborts', async ({ page }) => {
  const error = await page.evaluate(async () => {
    const engine = await weir.createWeir();
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 60);
    const indexing = engine.index(files(1e6), { repository: 'x', signal: stop.signal });
    return indexing.then(
      () => 'done',
      ({ code }: { code: string }) => code,
    );
  });
  expect(error).toBe('cancelled');
});

test('keeps packs on the device and knows a torn one', async ({ page }) => {
  const seen = await page.evaluate(async () => {
    const engine = await weir.createWeir();
    const pack = await engine.index(files(20), { repository: 'me/kept: one', keep: true });
    const listed = await engine.library.list();
    const again = await engine.library.open(listed[0]!.id);

    const root = await navigator.storage.getDirectory();
    const packs = await root.getDirectoryHandle('weir-packs');
    const whole = await (await packs.getFileHandle(`${listed[0]!.id}.weir`)).getFile();
    const torn = await (await packs.getFileHandle('torn.weir', { create: true })).createWritable();
    await torn.write(whole.slice(0, whole.size / 2));
    await torn.close();
    const refused = await engine.library.open('torn').catch(({ code }: { code: string }) => code);
    await engine.library.remove('torn');
    const left = await engine.library.list();
    return { listed, same: again.info.chunks === pack.info.chunks, refused, left };
  });
  expect(seen.listed).toMatchObject([{ repository: 'me/kept: one' }]);
  expect(seen.same).toBe(true);
  expect(seen.refused).toBe('pack_damaged');
  expect(seen.left).toEqual(seen.listed);
});

test('reads a folder without walking into node_modules', async ({ page }) => {
  const paths = await page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle('repository', { create: true });
    const modules = await folder.getDirectoryHandle('node_modules', { create: true });
    const source = await folder.getDirectoryHandle('src', { create: true });
    for (const parent of [modules, source]) {
      const file = await parent.getFileHandle('a.c', { create: true });
      const writable = await file.createWritable();
      await writable.write('int hello;\n');
      await writable.close();
    }
    const engine = await weir.createWeir();
    return (await engine.index(folder, { repository: 'folder' })).paths();
  });
  expect(paths).toEqual(['src/a.c']);
});

test('counts tokens on the page itself', async ({ page }) => {
  const count = await page.evaluate(async () => {
    const counter = await weir.createCounter('cl100k_base');
    return counter.count('Hello, world');
  });
  expect(count).toBe(3);
});
