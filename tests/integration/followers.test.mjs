// One answer, very many readers: one call of the provider, and nobody waits for the slowest.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEdge } from '../support/edge.mjs';
import { startProvider } from '../support/fake-provider.mjs';
import { allEvents, events, postAnswer, send, textOf } from '../support/http-client.mjs';
import { connect } from '../support/websocket.mjs';

const mebibyte = 1 << 20;
const stuckReaders = 24;

/** Memory that is freed counts as freed under ASan too. */
const quarantine = `${process.env.ASAN_OPTIONS ?? ''}:quarantine_size_mb=1`;

function residentBytes(edge) {
  const status = readFileSync(`/proc/${edge.child.pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)[1]) * 1024;
}

/** Follows an answer to its end from the event after this cursor. */
async function followOverHttp(url, answer, after) {
  return allEvents(await send(`${url}/v1/answers/${answer}?after=${after}`));
}

async function followOverSocket(url, answer, after) {
  const socket = await connect(`${url}/v1/socket`);
  socket.sendJson({ type: 'resume', ref: 1, answer, after });
  const frames = [];
  while (frames.at(-1)?.type !== 'done') {
    const frame = await socket.nextJson();
    assert.ok(frame, 'the socket ended before the answer');
    frames.push(frame);
  }
  socket.cut();
  return frames;
}

/** A reader that asks for the answer and then takes no byte of it. */
function stuckReader({ port }, answer) {
  const socket = connectTcp({ port, host: '127.0.0.1' });
  socket.pause();
  socket.on('error', () => {});
  socket.write(`GET /v1/answers/${answer} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  return { leave: () => socket.destroy() };
}

async function stuckSocket({ url }, answer) {
  const client = await connect(`${url}/v1/socket`);
  client.socket.pause();
  client.sendJson({ type: 'resume', ref: 1, answer, after: 0 });
  return { leave: () => client.cut() };
}

async function until(condition, what, limit = 10_000) {
  for (const end = Date.now() + limit; Date.now() < end; await sleep(10)) {
    if (await condition()) return;
  }
  assert.fail(`${what} within ${limit} ms`);
}

describe('an answer', { timeout: 60_000 }, () => {
  let script;
  let provider;
  let edge;
  before(async () => {
    provider = await startProvider(() => script);
    edge = await startEdge({ provider, env: { ASAN_OPTIONS: quarantine } });
  });
  after(async () => {
    assert.equal(await edge?.stop(), 0);
    await provider?.stop();
  });

  test('is followed by 1,000 readers for one provider call', async () => {
    const pieces = Array.from({ length: 12 }, (_, i) => `Part ${i}. `);
    script = { pieces, betweenDelay: 400 };
    const first = await postAnswer(edge.url);
    const answer = first.headers['weir-answer'];
    const asker = allEvents(first);
    const readers = [];
    for (let n = 0; n < 1000; ++n) {
      const follow = n % 2 ? followOverHttp : followOverSocket;
      readers.push(follow(edge.url, answer, 0));
      if (n % 50 === 49) await sleep(60);
    }
    await until(async () => (await edge.metrics()).readers >= 900, 'the readers are there');
    const whole = await asker;
    const ended = performance.now();
    for (const list of await Promise.all(readers)) {
      assert.equal(textOf(list), pieces.join(''));
      assert.equal(list[0].type, 'accepted');
      assert.equal(list.at(-1).cursor, whole.at(-1).cursor);
    }
    console.log(
      `1,000 readers had the end ${(performance.now() - ended).toFixed(0)} ms after the asker`,
    );
    assert.equal(provider.calls.length, 1);
    assert.equal((await edge.metrics()).runs_started_total, 1);
  });

  test('is read from any cursor, live and when it has ended', async () => {
    script = { pieces: Array.from({ length: 10 }, (_, i) => `${i} `), betweenDelay: 60 };
    const response = await postAnswer(edge.url);
    const answer = response.headers['weir-answer'];
    const live = [];
    const all = [];
    for await (const event of events(response)) {
      all.push(event);
      const follow = all.length % 2 ? followOverHttp : followOverSocket;
      if (event.type === 'delta') live.push([event.cursor, follow(edge.url, answer, event.cursor)]);
    }
    const later = all
      .slice(0, -1)
      .map(({ cursor }) => [cursor, followOverHttp(edge.url, answer, cursor)]);
    assert.equal(live.length, 10);
    for (const [after, reading] of [...live, ...later]) {
      const rest = all.filter(({ cursor }) => cursor > after);
      const list = await reading;
      assert.equal(textOf(list), textOf(rest));
      assert.ok(list.every(({ cursor }) => cursor > after));
      assert.equal(list.at(-1).type, 'done');
    }
  });

  test('costs a stuck reader its socket and the others nothing', async () => {
    // More than the kernel takes for a socket that nobody reads.
    const pieces = Array.from({ length: 400 }, (_, i) => `${i} `.repeat(8192).slice(0, 16_384));
    script = { pieces, firstDelay: 2000 }; // when all readers are there
    const before = residentBytes(edge);
    const response = await postAnswer(edge.url);
    const answer = response.headers['weir-answer'];
    const stuck = [];
    for (let n = 0; n < stuckReaders; ++n) {
      stuck.push(n % 2 ? stuckReader(edge, answer) : await stuckSocket(edge, answer));
    }
    const others = [followOverHttp(edge.url, answer, 0), followOverSocket(edge.url, answer, 0)];
    await until(async () => (await edge.metrics()).readers === stuckReaders + 3, 'all are there');

    const call = provider.calls.at(-1);
    for (const list of await Promise.all([allEvents(response), ...others])) {
      assert.equal(textOf(list), pieces.join(''));
      assert.equal(list.at(-1).type, 'done');
    }
    const late = performance.now() - (await call.closed).closedAt;
    const grown = (residentBytes(edge) - before) / mebibyte;
    const { readers } = await edge.metrics();
    console.log(`beside ${stuckReaders} stuck readers: ${late.toFixed(0)} ms after the provider, ${grown.toFixed(1)} MiB more`); // prettier-ignore
    assert.equal(readers, stuckReaders, 'nobody waited until the stuck ones were cut');
    assert.ok(grown < 40, 'what the stuck ones have not read is kept once');
    for (const reader of stuck) reader.leave();
    await until(async () => (await edge.metrics()).readers === 0, 'no readers');
  });
});
