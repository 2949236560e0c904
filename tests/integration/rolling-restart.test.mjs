// A new edge takes over the port of a running one: what runs ends where it began, what is new begins at
// the new one, and nobody's connection is reset in between.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { BrowserWebSocket } from '../support/browser-websocket.mjs';
import { startEdge } from '../support/edge.mjs';
import { startProvider } from '../support/fake-provider.mjs';
import {
  allEvents,
  freshKey,
  postAnswer,
  question,
  send,
  textOf,
} from '../support/http-client.mjs';
import { load } from '../support/package.mjs';
import { connect } from '../support/websocket.mjs';

const { createWeir } = await load();

const streams = 500;
const later = 20; // asks when the old edge has closed its port
const longAnswer = { pieces: 12, betweenDelay: 500 };
const shortAnswer = { pieces: 2, betweenDelay: 20 };

const nameOf = (answer, number) => `${answer === longAnswer ? 'long' : 'short'} ${number}`;
const piecesOf = (answer, name) =>
  Array.from({ length: answer.pieces }, (_, piece) => `${name}, piece ${piece}. `);

/** What the provider says follows from the question, so that no two texts are alike. */
function script(call) {
  const [, name] = /Tell me (\w+ \d+)!/.exec(call.json.messages.at(-1).content);
  const answer = name.startsWith('long') ? longAnswer : shortAnswer;
  return { pieces: piecesOf(answer, name), betweenDelay: answer.betweenDelay };
}

/** One answer, over HTTP. */
async function askOverHttp(url, name, onAccepted) {
  const response = await postAnswer(url, { request: question(`Tell me ${name}!`) });
  onAccepted?.();
  return allEvents(response);
}

/**
 * One answer, over a socket of its own. An edge that is going down closes a socket that carries no
 * answer, perhaps with the ask on its way: then the same ask goes to the next socket.
 */
async function askOverSocket(url, name, onAccepted) {
  const ask = { type: 'ask', ref: 1, key: freshKey(), request: question(`Tell me ${name}!`) };
  for (;;) {
    const socket = await connect(`${url}/v1/socket`);
    socket.sendJson(ask);
    const frames = [];
    for (let frame; (frame = await socket.nextJson());) {
      frames.push(frame);
      if (frame.type === 'accepted') onAccepted?.();
      if (frame.type === 'done' || frame.type === 'error') break;
    }
    if (frames.some(({ ref }) => ref === 1)) {
      socket.cut();
      return frames;
    }
    assert.equal(await socket.finished(), 1001);
  }
}

function assertWhole(events, answer, name) {
  assert.equal(textOf(events), piecesOf(answer, name).join(''), name);
  assert.equal(events.at(-1).type, 'done', name);
}

/** Starts `count` answers, half of them over each transport; resolves when the edge has taken all. */
async function startStreams(url, count) {
  const all = [];
  const accepted = Array.from({ length: count }, (_, number) => {
    const ask = number % 2 ? askOverHttp : askOverSocket;
    return new Promise((done, failed) => {
      const ended = ask(url, nameOf(longAnswer, number), done);
      ended.catch(failed);
      all.push(ended);
    });
  });
  await Promise.all(accepted);
  return all;
}

/** Short answers, one begun every few milliseconds, each over a new connection. */
class Arrivals {
  #all = [];
  #going = true;

  constructor(url, pause = 8) {
    this.done = this.#run(url, pause);
  }

  async #run(url, pause) {
    for (let number = 0; this.#going; ++number, await sleep(pause)) {
      const ask = number % 2 ? askOverHttp : askOverSocket;
      const ended = ask(url, nameOf(shortAnswer, number));
      ended.catch(() => {});
      this.#all.push(ended);
    }
  }

  async stop() {
    this.#going = false;
    await this.done;
    return Promise.allSettled(this.#all);
  }
}

describe('two edges on one port', { timeout: 60_000 }, () => {
  let provider;
  const edges = [];
  before(async () => (provider = await startProvider(script)));
  after(async () => {
    for (const edge of edges) await edge.stop();
    await provider?.stop();
  });

  async function start(options) {
    const edge = await startEdge({ provider, ...options });
    edges.push(edge);
    return edge;
  }

  test('are refused unless both are told to share it', async () => {
    const refused = /\(2\).*Address already in use/s;
    const alone = await start();
    await assert.rejects(start({ listen: alone.host }), refused);
    await assert.rejects(start({ listen: alone.host, args: ['--share-port'] }), refused);
    const sharing = await start({ args: ['--share-port'] });
    await assert.rejects(start({ listen: sharing.host }), refused);
  });

  test(`hand over ${streams} running streams and all that arrives meanwhile`, async () => {
    const old = await start({ args: ['--share-port'] });
    const running = await startStreams(old.url, streams);
    assert.equal((await old.metrics()).answers_running, streams);

    const arrivals = new Arrivals(old.url);
    await sleep(300);
    const next = await start({ listen: old.host, args: ['--share-port'] });
    await sleep(300);
    old.signal('SIGTERM');
    await sleep(1500);
    const arrived = await arrivals.stop();

    const failed = arrived.filter(({ status }) => status === 'rejected');
    assert.deepEqual(failed.slice(0, 3), [], `${failed.length} of ${arrived.length} arrivals`);
    for (const [number, { value }] of arrived.entries()) {
      assertWhole(value, shortAnswer, nameOf(shortAnswer, number));
    }

    const taken = (await next.metrics()).runs_started_total;
    console.log(`${arrived.length} arrivals, ${taken} of them at the new edge`);
    for (let number = 0; number < later; ++number)
      await askOverHttp(old.url, nameOf(shortAnswer, 0));
    assert.equal((await next.metrics()).runs_started_total, taken + later);

    for (const [number, ended] of running.entries()) {
      const events = await ended;
      assertWhole(events, longAnswer, nameOf(longAnswer, number));
      const told = events.some(({ kind }) => kind === 'draining');
      assert.equal(told, number % 2 === 0, 'sockets are told that their edge drains');
    }
    assert.equal(await old.exited, 0);
    assert.equal(provider.calls.length, streams + arrived.length + later);
    assert.equal(await next.stop(), 0);
  });

  test('let a page keep its running answer and ask the next at the new edge', async () => {
    globalThis.WebSocket = BrowserWebSocket;
    const old = await start({ args: ['--share-port'] });
    const weir = await createWeir({ edge: old.url });
    const ask = async (name) => {
      const events = [];
      for await (const event of weir.ask(question(`Tell me ${name}!`))) events.push(event);
      return events;
    };
    const calls = provider.calls.length;
    const running = ask('long 0');
    await provider.call(calls);

    const next = await start({ listen: old.host, args: ['--share-port'] });
    old.signal('SIGTERM');
    await sleep(1000);
    assertWhole(await ask('short 1'), shortAnswer, 'short 1');
    assert.equal((await next.metrics()).runs_started_total, 1);
    const events = await running;
    assertWhole(events, longAnswer, 'long 0');
    assert.equal(provider.calls.length, calls + 2);
    assert.equal(await old.exited, 0);

    const lost = await send(`${next.url}/v1/answers/${events[0].answer}`);
    assert.equal(lost.statusCode, 404, 'what the old edge has logged is gone with it');
    weir.dispose();
  });
});
