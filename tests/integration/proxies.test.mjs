// Behind Debian's nginx and haproxy, as they come and with our recipes: the client finds the transport
// that gets through, and the answer is the provider's, once.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { BrowserWebSocket } from '../support/browser-websocket.mjs';
import { startEdge } from '../support/edge.mjs';
import { startProvider } from '../support/fake-provider.mjs';
import {
  allEvents,
  events,
  freshKey,
  postAnswer,
  question,
  send,
  textOf,
} from '../support/http-client.mjs';
import { load } from '../support/package.mjs';
import {
  haproxyPlain,
  haproxyRecipe,
  nginxPlain,
  nginxRecipe,
  replaceAll,
  startHaproxy,
  startNginx,
} from '../support/reverse-proxies.mjs';
import { connect } from '../support/websocket.mjs';

const { createWeir } = await load();

const fallback = 2000; // ms in which the transport is to be chosen
const pieces = Array.from({ length: 8 }, (_, piece) => `Stück ${piece} 🦀. `);
const slowly = { pieces, betweenDelay: 150 };

/**
 * `socket`: a WebSocket gets through. `prompt`: each delta comes over HTTP as it is sent, and the edge
 * hears at once of a reader that has left.
 */
const fronts = [
  { name: 'nginx as it comes', start: startNginx, config: nginxPlain, socket: false, prompt: true },
  { name: 'nginx with the recipe', start: startNginx, config: nginxRecipe, socket: true, prompt: true },
  { name: 'haproxy as it comes', start: startHaproxy, config: haproxyPlain, socket: true, prompt: false },
  { name: 'haproxy with the recipe', start: startHaproxy, config: haproxyRecipe, socket: true, prompt: true },
]; // prettier-ignore

let script = {};
let provider;
let edge;
const proxies = new Set();
before(async () => {
  provider = await startProvider(() => script);
  edge = await startEdge({ provider, args: ['--allow-host', 'weir.example'] });
});
after(async () => {
  for (const proxy of proxies) await proxy.stop();
  await provider?.stop();
  assert.equal(await edge?.stop(), 0);
});

async function begin(start, config, { to = edge, port } = {}) {
  const proxy = await start(to, config, port);
  proxies.add(proxy);
  return proxy;
}

async function end(proxy) {
  proxies.delete(proxy);
  await proxy.stop();
}

/** Asks through a proxy as a page does that has WebSockets, or has none. */
async function ask(url, { sockets, request = question(), signal } = {}) {
  globalThis.WebSocket = sockets ? BrowserWebSocket : undefined;
  const calls = provider.calls.length;
  const began = performance.now();
  const seen = { statuses: [], events: [], arrivals: [] };
  const weir = await createWeir({
    edge: url,
    onStatus: (status) => seen.statuses.push({ status, after: performance.now() - began }),
  });
  for await (const event of weir.ask(request, { signal })) {
    seen.events.push(event);
    if (event.type === 'delta') seen.arrivals.push(performance.now());
  }
  weir.dispose();
  seen.calls = provider.calls.length - calls;
  return seen;
}

function largeQuestion() {
  const text = 'word '.repeat(12_000);
  const passage = (_, at) => ({ path: `${at}.txt`, start_line: 1, end_line: 1, text });
  return question('What is all this?', { context: Array.from({ length: 20 }, passage) });
}

function assertWhole({ events: list, calls }, text = pieces.join('')) {
  const others = list.map(({ type }) => type).filter((type) => type !== 'delta');
  assert.deepEqual(others, ['accepted', 'usage', 'done']);
  assert.equal(list[0].provider, 'openai');
  assert.equal(textOf(list), text);
  assert.equal(calls, 1);
}

/** In how many lumps the deltas came: those within 50 ms of each other are one. */
const lumps = (arrivals) => arrivals.filter((at, i) => i === 0 || at - arrivals[i - 1] > 50).length;

async function until(condition, what, limit = 5000) {
  for (const end = Date.now() + limit; Date.now() < end; await sleep(10)) {
    if (await condition()) return;
  }
  assert.fail(`${what} within ${limit} ms`);
}

for (const { name, start, config, socket, prompt } of fronts) {
  describe(`behind ${name}`, () => {
    let proxy;
    before(async () => (proxy = await begin(start, config)));
    after(() => end(proxy));

    for (const sockets of [true, false]) {
      const expected = sockets && socket ? 'websocket' : 'http';
      const page = `a page ${sockets ? 'with' : 'without'} WebSocket`;

      test(`${page} settles on ${expected} in time, and its answer streams whole`, async () => {
        script = slowly;
        const seen = await ask(proxy.url, { sockets });
        assertWhole(seen);
        const { status, after: chosen } = seen.statuses.at(-1);
        assert.equal(status, expected);
        assert.ok(chosen < fallback, `chosen after ${chosen} ms`);
        const count = lumps(seen.arrivals);
        console.log(`${name}: ${status} after ${chosen.toFixed(0)} ms, ${count} lumps`);
        assert.ok(count >= (prompt || expected === 'websocket' ? 6 : 2), `${count} lumps`);
      });

      test(`${page} stops the provider`, async () => {
        script = { pieces, hangAfterPieces: true };
        const index = provider.calls.length;
        const stop = new AbortController();
        const asked = ask(proxy.url, { sockets, signal: stop.signal });
        const call = await provider.call(index);
        while (call.firstPieceAt === undefined) await sleep(5);
        const stopped = performance.now();
        stop.abort();
        assert.equal((await asked).events.at(-1).code, 'cancelled');
        await call.closed;
        assert.ok(call.closedByPeer);
        assert.ok(call.closedAt - stopped < 1000, `${call.closedAt - stopped} ms`);
      });
    }

    if (prompt) {
      test('a reader that has left is noticed at once', async () => {
        script = { pieces, hangAfterPieces: true };
        const response = await postAnswer(proxy.url);
        for await (const event of events(response)) if (event.type === 'delta') break;
        response.abort();
        await until(async () => (await edge.metrics()).readers === 0, 'no readers', 2000);
      });
    }

    test('an answer outlives its proxy', async () => {
      for (const sockets of [true, false]) {
        script = slowly;
        const index = provider.calls.length;
        const asked = ask(proxy.url, { sockets });
        const call = await provider.call(index);
        while (call.firstPieceAt === undefined) await sleep(5);
        await sleep(slowly.betweenDelay * 2);
        await end(proxy);
        proxy = await begin(start, config, { port: proxy.port });
        assertWhole(await asked);
      }
    });
  });
}

describe('behind a proxy with the recipe', () => {
  for (const { name, start, config } of [fronts[1], fronts[3]]) {
    test(`${name}: the edge answers under its own name and to its own pages`, async () => {
      const proxy = await begin(start, config);
      const statusFor = async (headers) =>
        (await send(`${proxy.url}/livez`, { headers })).statusCode;
      const host = 'weir.example';
      assert.equal(await statusFor({ host }), 200);
      assert.equal(await statusFor({ host, origin: 'https://weir.example' }), 200);
      assert.equal(await statusFor({ host, origin: 'https://attacker.example' }), 403);
      assert.equal(await statusFor({ host: 'attacker.example' }), 403);
      const socket = await connect(`${proxy.url}/v1/socket`, {
        headers: { host, origin: 'https://weir.example' },
      });
      socket.cut();
      await end(proxy);
    });

    test(`${name}: an ask of more than a mebibyte gets through`, async () => {
      script = { pieces };
      const proxy = await begin(start, config);
      const { events: list } = await ask(proxy.url, { sockets: false, request: largeQuestion() });
      assert.equal(textOf(list), pieces.join(''));
      await end(proxy);
    });
  }
});

test('nginx refuses a large ask as it comes, with an error that says so', async () => {
  const proxy = await begin(startNginx, nginxPlain);
  const seen = await ask(proxy.url, { sockets: true, request: largeQuestion() });
  assert.deepEqual([seen.events.length, seen.calls], [1, 0]);
  assert.equal(seen.events[0].code, 'request_too_large');
  await end(proxy);
});

const nginxBuffering = replaceAll(nginxPlain, {
  'location / {': 'location / {\n proxy_ignore_headers X-Accel-Buffering;',
});

test('a proxy that buffers a short answer gives it in one lump', async () => {
  const proxy = await begin(startNginx, nginxBuffering);
  for (const sockets of [true, false]) {
    script = slowly;
    const seen = await ask(proxy.url, { sockets });
    assertWhole(seen);
    assert.equal(lumps(seen.arrivals), 1);
    assert.equal(seen.statuses.at(-1).status, 'http');
  }
  await end(proxy);
});

test('a proxy that buffers passes on responses that end by themselves', async () => {
  const proxy = await begin(startNginx, nginxBuffering);
  script = { pieces, betweenDelay: 400 };
  const index = provider.calls.length;
  const list = [];
  let responses = 0;
  while (list.at(-1)?.type !== 'done') {
    const response = list[0]
      ? await send(`${proxy.url}/v1/answers/${list[0].answer}?after=${list.at(-1).cursor}&wait=5`)
      : await postAnswer(proxy.url, { query: '?wait=5' });
    for await (const event of events(response)) list.push(event);
    ++responses;
  }
  assert.equal(textOf(list), pieces.join(''));
  assert.ok(responses >= 3 && responses <= pieces.length, `${responses} responses`);
  assert.equal(provider.calls.length, index + 1);
  await end(proxy);
});

/** The frames of an answer over a socket of its own. */
async function readSocket(url) {
  const socket = await connect(`${url}/v1/socket`);
  socket.sendJson({ type: 'ask', ref: 1, key: freshKey(), request: question() });
  const list = [];
  while (list.at(-1)?.type !== 'done') {
    const frame = await socket.nextJson();
    assert.ok(frame, 'the proxy has cut the socket');
    list.push(frame);
  }
  socket.cut();
  return list;
}

describe('an answer that takes long', { concurrency: true }, () => {
  let thinker;
  let lively; // an edge that speaks after every second of silence
  before(async () => {
    thinker = await startProvider({ pieces, firstDelay: 7000 });
    lively = await startEdge({ provider: thinker, limits: { server: { keep_alive: 1 } } });
  });
  after(async () => {
    await lively?.stop();
    await thinker?.stop();
  });

  test('keeps its connections where the proxy waits for less', async () => {
    const waits = '3s';
    const waiting = [
      await begin(startNginx, replaceAll(nginxRecipe, { '60s': waits }), { to: lively }),
      await begin(startHaproxy, replaceAll(haproxyRecipe, { '60s': waits }), { to: lively }),
    ];
    const reads = waiting.flatMap(({ url }) => [postAnswer(url).then(allEvents), readSocket(url)]);
    for (const list of await Promise.all(reads)) {
      assert.equal(textOf(list), pieces.join(''));
      assert.equal(list.at(-1).type, 'done');
    }
    for (const proxy of waiting) await end(proxy);
  });

  test('comes whole and step by step, for one call, where the proxy buffers it', async () => {
    const proxy = await begin(startNginx, nginxBuffering);
    // Longer than the 15 s for which the client is patient with a response's head.
    script = { pieces, betweenDelay: 2500 };
    const began = performance.now();
    const seen = await ask(proxy.url, { sockets: false });
    assertWhole(seen);
    assert.equal(seen.statuses.at(-1).status, 'http');
    // Doubt after 3 s, and half a second for a response to gather what there is.
    assert.ok(seen.arrivals[0] - began < 5000, `first after ${seen.arrivals[0] - began} ms`);
    const count = lumps(seen.arrivals);
    assert.ok(count >= pieces.length - 2, `${count} lumps`);
    await end(proxy);
  });
});
