// Clients that do nothing, that do it slowly, or that leave: each costs its own connection, for a while.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEdge } from '../support/edge.mjs';
import { startProvider } from '../support/fake-provider.mjs';
import {
  leavesNothing,
  quarantine,
  startWitness,
  until,
  witnessScript,
} from '../support/faults.mjs';
import { freshKey, question } from '../support/http-client.mjs';
import { startRawProvider, writeForEver } from '../support/raw-provider.mjs';
import { connect } from '../support/websocket.mjs';

const largeBytes = 24 << 20; // more than the kernel takes for a socket that nobody reads
const event = (text) => `data: {"choices":[{"index":0,"delta":{"content":"${text}"}}]}\n\n`;

const post = (body, length = body.length) =>
  `POST /v1/answers HTTP/1.1\r\nHost: localhost\r\nWeir-Key: ${freshKey()}\r\n` +
  `Content-Length: ${length}\r\n\r\n${body}`;
const endlessAsk = JSON.stringify(question('Why?', { provider: 'openrouter' }));

describe('a client that', { timeout: 60_000 }, () => {
  let folder;
  let endless;
  let provider;
  let edge;
  let witness;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'weir-clients-'));
    writeFileSync(join(folder, 'large.bin'), Buffer.alloc(largeBytes));
    provider = await startProvider(witnessScript);
    endless = await startRawProvider((to) => {
      to.write('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n');
      writeForEver(to, event('a'.repeat(1000)));
    });
    edge = await startEdge({
      provider,
      args: ['--site', folder],
      env: {
        OPENROUTER_BASE_URL: endless.baseUrl,
        OPENROUTER_API_KEY: 'sk-test-secret',
        ...quarantine,
      },
      limits: {
        answer: { retention: 0.1, linger: 0.1, log_bytes: 1 << 20 },
        server: { request_read: 0.5, write: 0.5 },
        upstream: { idle_per_origin: 0 },
      },
    });
    witness = await startWitness(edge);
  });
  after(async () => {
    witness?.leave();
    assert.equal(await edge?.stop(), 0);
    for (const each of [provider, endless]) await each?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Opens a connection and sends `bytes`; resolves once the edge has ended it. */
  async function untilCut(bytes, { reads = true, end = false, allowHalfOpen = true } = {}) {
    const socket = connectTcp({ port: edge.port, host: '127.0.0.1', allowHalfOpen });
    socket.on('error', () => {});
    let received = '';
    if (reads) socket.setEncoding('latin1').on('data', (piece) => (received += piece));
    else socket.pause();
    socket.write(bytes);
    if (end) socket.end();
    await Promise.race([
      once(socket, reads ? 'end' : 'close').catch(() => {}),
      once(socket, 'close'),
    ]);
    socket.destroy();
    return received;
  }

  /** The same of one that takes no byte: its end is seen from the edge's side. */
  async function neverReading(bytes) {
    const { connections } = await edge.metrics();
    const socket = connectTcp({ port: edge.port, host: '127.0.0.1' });
    socket.on('error', () => {});
    socket.pause();
    socket.write(bytes);
    await sleep(200);
    return { connections, leave: () => socket.destroy() };
  }

  const cases = [
    ['says nothing', '', ''],
    ['sends half of a header', 'GET /livez HTTP/1.1\r\nHost: loc', ''],
    ['sends half of a body', post('{"repo_url":', 1000), ''],
    ['sends half of a chunk', 'POST /v1/answers HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab', ''], // prettier-ignore
  ];
  for (const [does, bytes] of cases) {
    test(`${does} is cut after a while`, async () => {
      await leavesNothing(edge, async () => assert.equal(await untilCut(bytes), ''));
      await witness.goesOn();
    });

    test(`${does} and ends its side is let go at once`, async () => {
      await leavesNothing(edge, async () => {
        const since = performance.now();
        assert.equal(await untilCut(bytes, { end: true }), '');
        assert.ok(performance.now() - since < 400);
      });
      await witness.goesOn();
    });
  }

  test('sends a header a byte at a time does not get longer for it', async () => {
    await leavesNothing(edge, async () => {
      const socket = connectTcp(edge.port, '127.0.0.1');
      socket.on('error', () => {});
      const since = performance.now();
      const closed = once(socket, 'close');
      const timer = setInterval(() => socket.writable && socket.write('a'), 20);
      socket.resume();
      await closed;
      clearInterval(timer);
      const lasted = performance.now() - since;
      assert.ok(lasted > 400 && lasted < 3000, `${lasted} ms`);
    });
    await witness.goesOn();
  });

  test('sends a body that never ends is told that it is too large', async () => {
    const head =
      'POST /v1/answers HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n';
    await leavesNothing(edge, async () => {
      const socket = connectTcp(edge.port, '127.0.0.1');
      socket.on('error', () => {});
      let received = '';
      socket.setEncoding('latin1').on('data', (piece) => (received += piece));
      socket.write(head);
      writeForEver(socket, `1000\r\n${'a'.repeat(4096)}\r\n`);
      await once(socket, 'close');
      // The reset for what was sent further overtakes the response now and then.
      if (received) assert.match(received, /^HTTP\/1\.1 413 [^]*request_too_large/);
    });
    await witness.goesOn();
  });

  for (const [what, bytes] of [
    ['an answer', () => post(endlessAsk)],
    ['a large file', () => 'GET /large.bin HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    ['a thousand responses', () => 'GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(1000)],
  ]) {
    test(`takes no byte of ${what} is cut, and its answer stops`, async () => {
      await leavesNothing(edge, async () => {
        const client = await neverReading(bytes());
        await until(() => endless.connections() === 0, 'the provider is let go');
        client.leave();
      });
      await witness.goesOn();
    });
  }

  test('takes no byte of a socket is cut, and its answers stop', async () => {
    await leavesNothing(edge, async () => {
      const client = await connect(`${edge.url}/v1/socket`);
      client.socket.pause();
      client.sendJson({ type: 'ask', ref: 1, key: freshKey(), request: JSON.parse(endlessAsk) });
      await sleep(200);
      await until(() => endless.connections() === 0, 'the provider is let go');
      client.cut();
    });
    await witness.goesOn();
  });

  test('takes a little now and then is served on, and nobody else waits', async () => {
    const client = await connect(`${edge.url}/v1/socket`);
    client.sendJson({ type: 'ask', ref: 1, key: freshKey(), request: JSON.parse(endlessAsk) });
    let taken = 0;
    for (const since = performance.now(); performance.now() - since < 2000;) {
      client.socket.pause();
      await sleep(100);
      client.socket.resume();
      if (await client.nextJson()) taken += 1;
    }
    assert.ok(taken > 10 && !client.ended, `${taken} frames`);
    await witness.goesOn();
    client.cut();
    await until(() => endless.connections() === 0, 'the provider is let go');
  });

  test('asks on a socket without reading is cut before its errors pile up', async () => {
    const nagging = async () => {
      const client = await connect(`${edge.url}/v1/socket`);
      client.socket.pause();
      const text = '{"type":"?"}';
      const head = String.fromCharCode(0x81, 0x80 | text.length); // and a mask of zeros
      writeForEver(client.socket, `${head}\0\0\0\0${text}`);
      await client.finished();
    };
    await leavesNothing(edge, nagging, { times: 1 });
    await witness.goesOn();
  });

  test('comes and resets its connection leaves nothing, a thousand times over', async () => {
    const visit = () =>
      new Promise((done) => {
        const socket = connectTcp(edge.port, '127.0.0.1', () => {
          socket.write('GET /livez HTTP/1.1\r\n');
          socket.resetAndDestroy();
        });
        socket.on('error', () => {});
        socket.on('close', done);
      });
    await leavesNothing(edge, () => Promise.all(Array.from({ length: 100 }, visit)));
    await witness.goesOn();
  });
});
