// Packs on a plain web server: those that are large are searched by ranges, and find the same.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { binaries, startEdge } from '../support/edge.mjs';
import { load, packageFolder } from '../support/package.mjs';

const { createWeir } = await load();
const weirCommand = join(binaries, 'weir');

/** A repository whose pack is larger than what is read whole. */
function writeRepository(folder) {
  const words = 'socket close buffer parse token event loop timer queue remove cache entry'.split(
    ' ',
  );
  let seed = 7;
  const next = (below) => (seed = (seed * 48271) % 2147483647) % below;
  for (let file = 0; file < 500; ++file) {
    let text = `// Handles number ${file} of the ${words[file % 12]} family.\n`;
    for (let line = 0; line < 150; ++line) {
      text += `int ${words[next(12)]}_${words[next(12)]}_${next(1e6)}(int ${words[next(12)]});\n`;
    }
    writeFileSync(join(folder, `${words[file % 12]}_${file}.c`), text);
  }
}

/** A static host that counts. `ranges: false`: one that knows none. */
async function startHost(files, { ranges = true } = {}) {
  const host = { sent: 0, requests: 0, versions: new Map(), files, ranges };
  const server = createServer((request, response) => {
    const name = request.url.slice(1);
    const bytes = files.get(name);
    host.requests += 1;
    if (!bytes) return response.writeHead(404).end();
    const etag = `"${host.versions.get(name) ?? 1}"`;
    const range = host.ranges && /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
    const from = range ? Number(range[1]) : 0;
    const to = range ? Math.min(Number(range[2]), bytes.length - 1) : bytes.length - 1;
    const part = bytes.subarray(from, to + 1);
    host.sent += part.length;
    const headers = { ETag: etag, 'Content-Length': part.length };
    if (range) headers['Content-Range'] = `bytes ${from}-${to}/${bytes.length}`;
    response.writeHead(range ? 206 : 200, headers).end(part);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  host.url = `http://127.0.0.1:${server.address().port}`;
  host.stop = () => new Promise((resolve) => server.close(resolve) && server.closeAllConnections());
  return host;
}

describe('a large pack on a web server', () => {
  const folder = mkdtempSync(join(tmpdir(), 'weir-ranges-'));
  const file = join(folder, 'pack.weir');
  const questions = [
    'remove the cache entry',
    'Handles number 77',
    'where is the timer queue closed?',
    'nothing_like_this zork',
  ];
  let bytes;
  let files;
  let weir;
  let whole;
  before(async () => {
    const repository = mkdtempSync(join(tmpdir(), 'weir-ranges-repository-'));
    writeRepository(repository);
    execFileSync(weirCommand, ['index', repository, '-o', file], { stdio: 'ignore' });
    rmSync(repository, { recursive: true });
    bytes = readFileSync(file);
    assert.ok(bytes.length > 2 << 20, `${bytes.length}`);
    files = new Map([['pack.weir', bytes]]);
    for (const name of ['weir-search.wasm', 'words.bin', 'weir.wasm']) {
      files.set(name, readFileSync(join(packageFolder, name)));
    }
    weir = await createWeir();
    whole = await weir.openPack(bytes);
  });
  after(() => {
    weir.dispose();
    rmSync(folder, { recursive: true });
  });

  test('is searched without loading it whole, and finds the same', async () => {
    const host = await startHost(files);
    const pack = await weir.openPack(`${host.url}/pack.weir`);
    assert.deepEqual(pack.info, whole.info);
    for (const question of questions) {
      assert.deepEqual(await pack.search(question), await whole.search(question), question);
    }
    const filtered = { include: ['timer_*'], preferPath: 'timer_31.c' };
    assert.deepEqual(
      await pack.search('queue of the timer', filtered),
      await whole.search('queue of the timer', filtered),
    );
    assert.ok(host.sent < bytes.length / 3, `${host.sent} of ${bytes.length}`);
    assert.deepEqual(await pack.paths(), await whole.paths());
    assert.deepEqual(await pack.file('cache_10.c'), await whole.file('cache_10.c'));
    await assert.rejects(pack.file('none.c'), { code: 'not_found' });
    pack.close();
    await host.stop();
  });

  test('is read whole from a host without ranges', async () => {
    const host = await startHost(files, { ranges: false });
    const progress = [];
    const pack = await weir.openPack(`${host.url}/pack.weir`, {
      onProgress: ({ loaded_bytes }) => progress.push(loaded_bytes),
    });
    assert.equal(host.requests, 1);
    assert.equal(progress.at(-1), bytes.length);
    assert.deepEqual(await pack.search(questions[0]), await whole.search(questions[0]));
    pack.close();
    await host.stop();
  });

  test('is read from the edge', async () => {
    const edge = await startEdge({ args: ['--packs', folder] });
    const pack = await weir.openPack(`${edge.url}/packs/pack.weir`);
    assert.deepEqual(await pack.search(questions[2]), await whole.search(questions[2]));
    pack.close();
    assert.equal(await edge.stop(), 0);
  });

  test('that changes meanwhile is not mixed up with its successor', async () => {
    const host = await startHost(files);
    const pack = await weir.openPack(`${host.url}/pack.weir`);
    host.versions.set('pack.weir', 2);
    await assert.rejects(pack.search(questions[0]), { code: 'pack_damaged' });
    pack.close();
    await host.stop();
  });

  test('is read on where a cache on the way has the whole of it', async () => {
    const host = await startHost(files);
    const pack = await weir.openPack(`${host.url}/pack.weir`);
    host.ranges = false; // as a service worker answers that has kept the file
    assert.deepEqual(await pack.search(questions[0]), await whole.search(questions[0]));
    pack.close();
    await host.stop();
  });

  test('whose host goes away says so, and goes on when it is back', async () => {
    const host = await startHost(files);
    const pack = await weir.openPack(`${host.url}/pack.weir`);
    await pack.search(questions[0]);
    files.delete('pack.weir');
    await assert.rejects(pack.search('Handles number 300'), { name: 'WeirError' });
    files.set('pack.weir', bytes);
    assert.deepEqual(
      await pack.search('Handles number 300'),
      await whole.search('Handles number 300'),
    );
    pack.close();
    await host.stop();
  });

  test('needs of the table of words only what the question has', async () => {
    const host = await startHost(files);
    const ranged = await createWeir({ assets: `${host.url}/` });
    host.sent = 0;
    const pack = await ranged.openPack(`${host.url}/pack.weir`);
    const found = await pack.search(questions[0]);
    assert.deepEqual(found, await whole.search(questions[0]));
    const [wasm, words] = ['weir-search.wasm', 'words.bin'].map((name) => files.get(name).length);
    assert.ok(host.sent - wasm < bytes.length / 3 + words / 10, `${host.sent}`);
    ranged.dispose();
    await host.stop();
  });

  test('is searched by its words alone where the table of words is lost on the way', async () => {
    const there = new Map(files);
    const host = await startHost(there);
    const ranged = await createWeir({ assets: `${host.url}/` });
    const pack = await ranged.openPack(bytes);
    assert.equal((await pack.search(questions[0])).meaning, 'built-in');
    there.delete('words.bin');
    const without = await pack.search('timer queue');
    assert.ok(without.length > 0);
    assert.equal(without.meaning, 'none');
    there.set('words.bin', files.get('words.bin'));
    assert.deepEqual(await pack.search('timer queue'), await whole.search('timer queue'));
    ranged.dispose();
    await host.stop();
  });

  test('without the table of words is searched by its words alone', async () => {
    const withoutWords = new Map(files);
    withoutWords.delete('words.bin');
    const host = await startHost(withoutWords);
    const plain = await createWeir({ assets: `${host.url}/` });
    const pack = await plain.openPack(bytes);
    assert.ok((await pack.search(questions[1])).length > 0);
    plain.dispose();
    await host.stop();
  });
});
