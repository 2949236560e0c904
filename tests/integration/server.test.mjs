// What the edge is to any HTTP client: its gate, its limits, its files and its end.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEdge } from '../support/edge.mjs';
import { startProvider } from '../support/fake-provider.mjs';
import {
  allEvents,
  events,
  freshKey,
  json,
  postAnswer,
  question,
  rawExchange,
  send,
  text,
  textOf,
} from '../support/http-client.mjs';
import { connect } from '../support/websocket.mjs';

describe('the edge', () => {
  let edge;
  let folder;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'weir-server-'));
    mkdirSync(join(folder, 'site/assets'), { recursive: true });
    writeFileSync(join(folder, 'site/index.html'), '<title>Weir</title>');
    writeFileSync(join(folder, 'site/engine.wasm'), 'wasm bytes');
    writeFileSync(join(folder, 'site/engine.wasm.br'), 'packed');
    writeFileSync(join(folder, 'site/assets/index-0a1b2c3d.js'), '1');
    writeFileSync(join(folder, 'secret'), 'secret');
    symlinkSync(join(folder, 'secret'), join(folder, 'site/link'));
    edge = await startEdge({
      args: ['--site', join(folder, 'site'), '--allow-origin', 'https://docs.example.org'],
    });
  });
  after(async () => {
    assert.equal(await edge?.stop(), 0);
    rmSync(folder, { recursive: true, force: true });
  });

  const raw = (head, body = '') =>
    rawExchange(edge.port, `${head.replaceAll('\n', '\r\n')}\r\n\r\n${body}`);

  test('says once where it listens', () => {
    assert.match(edge.stdout, /^listening on http:\/\/127\.0\.0\.1:\d+\n$/);
  });

  test('refuses a foreign Host before any work, on every path', async () => {
    for (const path of ['/', '/livez', '/v1/answers', '/packs/']) {
      const response = await send(edge.url + path, { headers: { host: 'attacker.example' } });
      assert.equal(response.statusCode, 403);
      assert.equal((await json(response)).error.code, 'forbidden_origin');
    }
    await assert.rejects(
      connect(`${edge.url}/v1/socket`, { headers: { host: 'attacker.example' } }),
      { status: 403 },
    );
  });

  test('refuses a foreign Origin and lets its own and configured ones in', async () => {
    const statusFor = async (origin) =>
      (await send(`${edge.url}/livez`, { headers: { origin } })).statusCode;
    assert.equal(await statusFor('https://attacker.example'), 403);
    assert.equal(await statusFor('null'), 403);
    assert.equal(await statusFor(edge.url), 200);
    assert.equal(await statusFor('https://docs.example.org'), 200);
    await assert.rejects(
      connect(`${edge.url}/v1/socket`, { headers: { origin: 'https://attacker.example' } }),
      { status: 403 },
    );
  });

  test('answers the preflight of an allowed origin, and of no other', async () => {
    const preflight = (origin) =>
      send(`${edge.url}/v1/answers`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST' },
      });
    const response = await preflight('https://docs.example.org');
    assert.equal(response.statusCode, 204);
    assert.equal(response.headers['access-control-allow-origin'], 'https://docs.example.org');
    assert.match(response.headers['access-control-allow-headers'], /weir-key/);
    assert.match(response.headers.vary, /Origin/);
    assert.equal((await preflight('https://attacker.example')).statusCode, 403);
  });

  test('lets an allowed page read the id of its answer and its errors', async () => {
    const headers = { origin: 'https://docs.example.org' };
    const response = await postAnswer(edge.url, { headers });
    assert.match(response.headers['access-control-expose-headers'], /weir-answer/);
    await allEvents(response);
    const refused = await postAnswer(edge.url, { headers, key: 'short' });
    assert.equal(refused.headers['access-control-allow-origin'], 'https://docs.example.org');
  });

  test('wants the subprotocol of a socket', async () => {
    await assert.rejects(connect(`${edge.url}/v1/socket`, { protocol: 'chat' }), { status: 400 });
    const plain = await send(`${edge.url}/v1/socket`);
    assert.equal(plain.statusCode, 426);
  });

  test('refuses malformed asks with typed errors that name the field', async () => {
    const cases = [
      ['{', 'invalid_request'],
      ['[]', 'invalid_request'],
      ['{"repo_url": "x"}', 'invalid_request', /messages/],
      ['{"repo_url": 1, "messages": []}', 'invalid_request', /repo_url/],
    ];
    for (const [body, code, message = /./] of cases) {
      const response = await send(`${edge.url}/v1/answers`, {
        method: 'POST',
        headers: { 'weir-key': freshKey() },
        body,
      });
      assert.equal(response.statusCode, 400, body);
      const { error } = await json(response);
      assert.equal(error.code, code);
      assert.match(error.message, message);
    }
  });

  test('refuses malformed frames with typed errors and keeps the socket', async () => {
    const socket = await connect(`${edge.url}/v1/socket`);
    for (const frame of ['', '{', '[]', '{"type":"?"}', '{"type":"ask"}']) {
      socket.sendText(frame);
      const error = await socket.nextJson();
      assert.equal(error.type, 'error');
      assert.equal(error.code, 'invalid_request');
    }
    socket.sendJson({ type: 'ask', ref: 1, key: freshKey(), request: question() });
    assert.equal((await socket.nextJson()).type, 'accepted');
    socket.cut();
  });

  test('closes a socket that sends binary frames', async () => {
    const socket = await connect(`${edge.url}/v1/socket`);
    socket.sendBinary(Buffer.from('{}'));
    assert.equal(await socket.finished(), 1003);
  });

  test('refuses a body over the limit', async () => {
    const body = 'x'.repeat((4 << 20) + 1);
    const declared = await send(`${edge.url}/v1/answers`, { method: 'POST', body });
    assert.equal(declared.statusCode, 413);
    assert.equal((await json(declared)).error.code, 'request_too_large');
    const chunked = await send(`${edge.url}/v1/answers`, {
      method: 'POST',
      headers: { 'transfer-encoding': 'chunked' },
      body,
    });
    assert.equal(chunked.statusCode, 413);
  });

  test('refuses a frame over the limit and ends a socket far over it', async () => {
    const socket = await connect(`${edge.url}/v1/socket`);
    socket.sendText('x'.repeat((4 << 20) + 2000));
    assert.equal((await socket.nextJson()).code, 'request_too_large');
    socket.sendText('x'.repeat(9 << 20));
    // The close frame says 1009, unless TCP's reset, for all that is left unread, overtakes it.
    assert.ok([1009, undefined].includes(await socket.finished()));
  });

  test('refuses a header over the limit', async () => {
    const response = await raw(`GET / HTTP/1.1\nHost: localhost\nX: ${'x'.repeat(20_000)}`);
    assert.match(response, /^HTTP\/1\.1 431 /);
  });

  test('refuses requests whose end others could see elsewhere', async () => {
    const post = 'POST /v1/answers HTTP/1.1\nHost: localhost\n';
    for (const head of [
      'Content-Length: 5\nTransfer-Encoding: chunked',
      'Transfer-Encoding: chunked\nContent-Length: 5',
      'Content-Length: 5\nContent-Length: 6',
      'Content-Length: +5',
      'Transfer-Encoding: gzip',
    ]) {
      assert.match(await raw(post + head, '0\r\n\r\n'), /^HTTP\/1\.1 400 /, head);
    }
  });

  test('refuses two Hosts, and what is no HTTP', async () => {
    assert.match(await raw('GET / HTTP/1.1\nHost: localhost\nHost: localhost'), /^HTTP\/1\.1 403 /);
    assert.match(await raw('nonsense'), /^HTTP\/1\.1 400 /);
    assert.match(await raw('BREW /livez HTTP/1.1\nHost: localhost\nConnection: close'), / 405 /);
  });

  test('says which methods a path takes, and that a path is unknown', async () => {
    const wrong = await send(`${edge.url}/v1/answers`);
    assert.equal(wrong.statusCode, 405);
    assert.equal(wrong.headers.allow, 'POST, DELETE, OPTIONS');
    for (const path of ['/v1/elsewhere', '/elsewhere', '/packs/none.weir']) {
      const response = await send(edge.url + path);
      assert.equal(response.statusCode, 404);
      assert.equal((await json(response)).error.code, 'not_found');
    }
  });

  test('answers several requests on one connection, sent at once', async () => {
    const get = (path, more = '') => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${more}\r\n`;
    const all = get('/livez') + get('/elsewhere') + get('/readyz', 'Connection: close\r\n');
    const response = await rawExchange(edge.port, all);
    assert.deepEqual(response.match(/HTTP\/1\.1 \d+/g), [
      'HTTP/1.1 200',
      'HTTP/1.1 404',
      'HTTP/1.1 200',
    ]);
  });

  test('reads requests that come byte by byte', async () => {
    const body = JSON.stringify(question());
    const head = `POST /v1/answers HTTP/1.1\r\nHost: localhost\r\nWeir-Key: ${freshKey()}\r\n`;
    const length = `Content-Length: ${body.length}\r\nConnection: close\r\n\r\n`;
    const socket = createConnection(edge.port, '127.0.0.1').setNoDelay(true);
    let response = '';
    socket.on('data', (bytes) => (response += bytes));
    for (const byte of `GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n${head}${length}${body}`) {
      await new Promise((sent) => socket.write(byte, sent));
    }
    await once(socket, 'close');
    assert.deepEqual(response.match(/HTTP\/1\.1 \d+/g), ['HTTP/1.1 200', 'HTTP/1.1 200']);
    assert.match(response, /event: done/);
  });

  test('answers a client that has stopped sending, and waits for none that has not', async () => {
    const socket = createConnection(edge.port, '127.0.0.1');
    let response = '';
    socket.on('data', (bytes) => (response += bytes));
    socket.end('GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(socket, 'close');
    assert.match(response, /^HTTP\/1\.1 200 [^]*live\n$/);
  });

  test('tells a client that waits for it to go on', async () => {
    const body = JSON.stringify(question());
    const socket = createConnection(edge.port, '127.0.0.1');
    socket.write(
      `POST /v1/answers HTTP/1.1\r\nHost: localhost\r\nWeir-Key: ${freshKey()}\r\n` +
        `Expect: 100-continue\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n`,
    );
    const [word] = await once(socket, 'data');
    assert.equal(word.toString(), 'HTTP/1.1 100 Continue\r\n\r\n');
    let response = '';
    socket.on('data', (bytes) => (response += bytes));
    socket.write(body);
    await once(socket, 'close');
    assert.match(response, /event: done/);
  });

  test('answers pings and a closing frame with the same', async () => {
    const socket = await connect(`${edge.url}/v1/socket`);
    socket.sendPing('still there?');
    socket.sendClose(4000);
    assert.equal(await socket.finished(), 4000);
    assert.deepEqual(socket.pongs, ['still there?']);
  });

  test('serves HTTP/1.0 clients without chunks', async () => {
    const body = JSON.stringify(question());
    const response = await raw(
      `POST /v1/answers HTTP/1.0\nHost: localhost\nWeir-Key: ${freshKey()}\nContent-Length: ${body.length}`,
      body,
    );
    assert.doesNotMatch(response, /chunked/);
    assert.match(response, /event: done/);
  });

  test('serves the site with types, validators and packed siblings', async () => {
    const index = await send(`${edge.url}/`);
    assert.equal(await text(index), '<title>Weir</title>');
    assert.equal(index.headers['content-type'], 'text/html; charset=utf-8');
    assert.equal(index.headers['x-content-type-options'], 'nosniff');
    assert.equal(index.headers['cache-control'], 'no-cache');
    const again = await send(`${edge.url}/`, { headers: { 'if-none-match': index.headers.etag } });
    assert.equal(again.statusCode, 304);

    const wasm = await send(`${edge.url}/engine.wasm`, { headers: { 'accept-encoding': 'br' } });
    assert.equal(wasm.headers['content-type'], 'application/wasm');
    assert.equal(wasm.headers['content-encoding'], 'br');
    assert.equal(await text(wasm), 'packed');
    assert.equal(await text(await send(`${edge.url}/engine.wasm`)), 'wasm bytes');
    const hashed = await send(`${edge.url}/assets/index-0a1b2c3d.js`);
    assert.match(hashed.headers['cache-control'], /immutable/);
  });

  test('sends the head alone for HEAD', async () => {
    const response = await raw('HEAD /engine.wasm HTTP/1.1\nHost: localhost\nConnection: close');
    assert.match(response, /Content-Length: 10\r\n/);
    assert.ok(response.endsWith('\r\n\r\n'));
  });

  test('lets no path out of the site', async () => {
    for (const path of [
      '/../secret',
      '/%2e%2e/secret',
      '/assets/../../secret',
      '/link',
      '/..%2fsecret',
    ]) {
      const response = await raw(`GET ${path} HTTP/1.1\nHost: localhost\nConnection: close`);
      assert.match(response, /^HTTP\/1\.1 40[04] /, path);
      assert.doesNotMatch(response, /secret$/);
    }
  });

  test('tells operators how it is', async () => {
    assert.equal((await send(`${edge.url}/livez`)).statusCode, 200);
    assert.equal((await send(`${edge.url}/readyz`)).statusCode, 200);
    const metrics = await edge.metrics();
    for (const name of [
      'answers',
      'answers_running',
      'readers',
      'log_bytes',
      'runs_started_total',
    ]) {
      assert.ok(name in metrics, name);
    }
    assert.ok(metrics.connections >= 1);
  });
});

describe('a socket whose client has gone without a word', () => {
  test('is pinged, and closed when it stays silent', async () => {
    const edge = await startEdge({ limits: { server: { idle: 1 } } });
    const silent = await connect(`${edge.url}/v1/socket`, { answersPings: false });
    const alive = await connect(`${edge.url}/v1/socket`);
    const since = performance.now();
    assert.equal(await silent.finished(), 1001);
    const waited = performance.now() - since;
    assert.ok(waited > 900 && waited < 3000, `${waited} ms`);
    await sleep(1500);
    assert.ok(!alive.ended && alive.pings >= 2, `${alive.pings} pings`);
    alive.cut();
    assert.equal(await edge.stop(), 0);
  });
});

describe('on SIGTERM', () => {
  const slow = { pieces: ['one ', 'two ', 'three'], betweenDelay: 300 };

  test('running answers end, then the edge does', async () => {
    const provider = await startProvider(slow);
    const edge = await startEdge({ provider });
    const idle = await connect(`${edge.url}/v1/socket`);
    const socket = await connect(`${edge.url}/v1/socket`);
    socket.sendJson({ type: 'ask', ref: 1, key: freshKey(), request: question() });
    const response = await postAnswer(edge.url);
    for await (const event of events(response)) if (event.type === 'delta') break;
    edge.signal('SIGTERM');
    const path = `${edge.url}/livez`;
    const frames = [];
    for (let frame; (frame = await socket.nextJson());) frames.push(frame);
    assert.equal(textOf(frames), 'one two three');
    assert.ok(frames.some(({ type, kind }) => type === 'notice' && kind === 'draining'));
    assert.equal(await socket.finished(), 1001);
    assert.equal(await idle.finished(), 1001);
    assert.equal(await edge.exited, 0);
    await assert.rejects(send(path));
    await provider.stop();
  });

  test('what outlasts the limit is cut, and it exits well all the same', async () => {
    const provider = await startProvider({ hangAfterPieces: true });
    const edge = await startEdge({ provider, limits: { server: { drain: 1 } } });
    const socket = await connect(`${edge.url}/v1/socket`);
    socket.sendJson({ type: 'ask', ref: 1, key: freshKey(), request: question() });
    while ((await socket.nextJson()).type !== 'delta');
    const before = performance.now();
    edge.signal('SIGTERM');
    const frames = [];
    for (let frame; (frame = await socket.nextJson());) frames.push(frame);
    assert.ok(frames.every(({ type }) => type !== 'done' && type !== 'error'));
    assert.equal(await edge.exited, 0);
    assert.ok(performance.now() - before >= 950);
    await (
      await provider.call(0)
    ).closed;
    await provider.stop();
  });

  test('a second signal ends it at once', async () => {
    const provider = await startProvider({ hangAfterPieces: true });
    const edge = await startEdge({ provider });
    const response = await postAnswer(edge.url);
    response.on('error', () => {});
    for await (const event of events(response)) if (event.type === 'delta') break;
    edge.signal('SIGTERM');
    await new Promise((done) => setTimeout(done, 200));
    const before = performance.now();
    edge.signal('SIGTERM');
    assert.equal(await edge.exited, 0);
    assert.ok(performance.now() - before < 3000);
    await provider.stop();
  });
});

test('neither keys nor questions nor ids ever reach the logs', async () => {
  const provider = await startProvider({
    status: 401,
    body: { error: { message: 'bad sk-log-key' } },
  });
  const edge = await startEdge({ provider, key: 'sk-log-key' });
  const key = freshKey();
  const asked = question('a very private question', { token: 'ghp_private' });
  const response = await postAnswer(edge.url, { key, request: asked });
  const seen = await allEvents(response);
  await provider.stop();
  await allEvents(await postAnswer(edge.url, { request: asked }));
  await send(`${edge.url}/?token=ghp_private`, { headers: { host: 'attacker.example' } });
  assert.equal(await edge.stop(), 0);
  assert.doesNotMatch(JSON.stringify(seen), /sk-log-key/);
  const logs = edge.stdout + edge.stderr;
  for (const secret of ['sk-log-key', 'private', 'ghp_', key, response.headers['weir-answer']]) {
    assert.ok(!logs.includes(secret), secret);
  }
});
