// The promise of resume, against a network that cuts: over any mixture of WebSocket and HTTP each
// event comes once, in order, and no cut costs another provider call.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startProxy } from '../support/chopping-proxy.mjs';
import { startEdge } from '../support/edge.mjs';
import { startProvider } from '../support/fake-provider.mjs';
import { events, freshKey, postAnswer, question, send, textOf } from '../support/http-client.mjs';
import { connect } from '../support/websocket.mjs';

const pieces = Array.from({ length: 40 }, (_, i) => `word${i} `);
const ends = ({ type }) => type === 'done' || type === 'error';

/** A client as simple as can be: it asks again or resumes until it has seen the end. */
class Reader {
  constructor(url) {
    Object.assign(this, { url, key: freshKey(), seen: [], attempts: 0 });
  }

  get answer() {
    return this.seen[0]?.answer;
  }

  get cursor() {
    return this.seen.at(-1)?.cursor ?? 0;
  }

  async read(transports) {
    while (!this.seen.some(ends)) {
      assert.ok(this.attempts < 200, 'no progress');
      const over = transports[this.attempts++ % transports.length];
      await (over === 'socket' ? this.readSocket() : this.readHttp()).catch(() => {});
    }
    return this.seen;
  }

  async readSocket() {
    const socket = await connect(`${this.url}/v1/socket`);
    if (this.answer) {
      socket.sendJson({ type: 'resume', ref: 1, answer: this.answer, after: this.cursor });
    } else {
      socket.sendJson({ type: 'ask', ref: 1, key: this.key, request: question() });
    }
    for (let frame; (frame = await socket.nextJson()) && this.take(frame););
    socket.cut();
  }

  async readHttp() {
    const response = this.answer
      ? await send(`${this.url}/v1/answers/${this.answer}?after=${this.cursor}`)
      : await postAnswer(this.url, { key: this.key });
    for await (const event of events(response)) if (!this.take(event)) break;
  }

  take({ ref, ...event }) {
    this.seen.push(event);
    return !ends(event);
  }
}

describe('cuts', () => {
  let provider;
  let edge;
  let proxy;
  before(async () => {
    provider = await startProvider({ pieces, betweenDelay: 1 });
    edge = await startEdge({ provider });
    proxy = await startProxy(edge.port);
  });
  after(async () => {
    await proxy?.stop();
    const status = await edge?.stop();
    await provider?.stop();
    assert.equal(status, 0);
  });

  /** Connections are cut after `step`, 2 * `step`, ... bytes, so that every place comes to be cut. */
  async function readThrough(plan, transports) {
    const calls = provider.calls.length;
    proxy.connections = 0;
    proxy.plan = plan;
    const reader = new Reader(proxy.url);
    const seen = await reader.read(transports);
    assert.equal(textOf(seen), pieces.join(''));
    assert.equal(seen.at(-1).type, 'done');
    assert.equal(seen.filter(({ type }) => type === 'accepted').length, 1);
    assert.ok(seen.every(({ cursor }, i) => i === 0 || cursor > seen[i - 1].cursor));
    assert.equal(provider.calls.length, calls + 1);
    return reader.attempts;
  }

  for (const transports of [['socket'], ['http'], ['socket', 'http']]) {
    test(`downstream lose and repeat no event over ${transports.join(' and ')}`, async () => {
      let attempts = 0;
      for (const step of [37, 61, 101, 173, 401]) {
        attempts += await readThrough((n) => ({ cutDownAfter: step * (n + 1) }), transports);
      }
      assert.ok(attempts > 20, `only ${attempts} connections`);
    });

    test(`upstream cost no second call over ${transports.join(' and ')}`, async () => {
      for (const step of [29, 97, 251]) {
        await readThrough((n) => ({ cutUpAfter: step * (n + 1) }), transports);
      }
    });
  }

  test('into bytes of any size change nothing', async () => {
    for (const splitDown of [1, 3, 64])
      await readThrough(() => ({ splitDown }), ['socket', 'http']);
  });

  test('of the WebSocket upgrade leave HTTP', async () => {
    proxy.plan = { refuseUpgrade: true };
    await assert.rejects(connect(`${proxy.url}/v1/socket`), { status: 403 });
    await readThrough(() => ({ refuseUpgrade: true }), ['http']);
  });
});
