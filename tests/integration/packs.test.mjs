// Packs through the real tools: `weir` makes one, the edge lists it, serves it and searches it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { binaries, startEdge } from '../support/edge.mjs';
import { allEvents, json, postAnswer, question, send, textOf } from '../support/http-client.mjs';

async function bytesOf(response) {
  const chunks = [];
  for await (const chunk of response) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe('the packs of a folder', () => {
  let folder;
  let edge;
  let pack;
  let listed;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'weir-packs-'));
    mkdirSync(join(folder, 'widgets/src'), { recursive: true });
    writeFileSync(
      join(folder, 'widgets/src/frobnicate.c'),
      '/* Frobnicates the widget until it hums. */\nint frobnicate(int widget) {\n  return widget + 42;\n}\n',
    );
    mkdirSync(join(folder, 'packs'));
    const file = join(folder, 'packs/widgets.weir');
    execFileSync(join(binaries, 'weir'), ['index', join(folder, 'widgets'), '-o', file]);
    pack = readFileSync(file);
    writeFileSync(join(folder, 'packs/broken.weir'), 'not a pack');
    edge = await startEdge({ args: ['--packs', join(folder, 'packs'), '--threads', '4'] });
    listed = await json(await send(`${edge.url}/packs/`));
  });
  after(async () => {
    assert.equal(await edge?.stop(), 0);
    rmSync(folder, { recursive: true, force: true });
  });

  test('are listed, but for the broken ones, which the log names', () => {
    assert.equal(listed.length, 1);
    assert.equal(listed[0].file, 'widgets.weir');
    assert.equal(listed[0].bytes, pack.length);
    assert.equal(listed[0].files, 1);
    assert.match(edge.stderr, /broken\.weir is left out/);
  });

  test('are served whole and in ranges', async () => {
    const url = `${edge.url}/packs/widgets.weir`;
    const whole = await send(url);
    assert.equal(whole.statusCode, 200);
    assert.equal(whole.headers['accept-ranges'], 'bytes');
    assert.deepEqual(await bytesOf(whole), pack);

    const part = await send(url, { headers: { range: 'bytes=8-15' } });
    assert.equal(part.statusCode, 206);
    assert.equal(part.headers['content-range'], `bytes 8-15/${pack.length}`);
    assert.deepEqual(await bytesOf(part), pack.subarray(8, 16));

    const behind = await send(url, { headers: { range: `bytes=${pack.length}-` } });
    assert.equal(behind.statusCode, 416);
    const { etag } = whole.headers;
    assert.equal((await send(url, { headers: { 'if-none-match': etag } })).statusCode, 304);
    const head = await send(url, { method: 'HEAD' });
    assert.equal(Number(head.headers['content-length']), pack.length);
  });

  test('answer an ask that brought no passages', async () => {
    const request = question('Where is the widget frobnicated?', {
      repo_url: `https://example.org/acme/${listed[0].repository.split('/').at(-1)}`,
      context: undefined,
    });
    const list = await allEvents(await postAnswer(edge.url, { request }));
    assert.equal(list[0].kept[0].path, 'src/frobnicate.c');
    assert.match(textOf(list), /frobnicate/);
    assert.equal(list.at(-1).type, 'done');
  });

  test('are searched for many at once', async () => {
    const request = question('frobnicate', { repo_url: listed[0].repository, context: undefined });
    const lists = await Promise.all(
      Array.from({ length: 40 }, () => postAnswer(edge.url, { request }).then(allEvents)),
    );
    for (const list of lists) assert.equal(list[0].kept[0].path, 'src/frobnicate.c');
  });

  test('lend no passages to another repository', async () => {
    const request = question('Where is it?', { repo_url: 'acme/other', context: undefined });
    const list = await allEvents(await postAnswer(edge.url, { request }));
    assert.deepEqual(list[0].kept, []);
  });
});
