// The real edge between real clients and a provider that speaks the real wire format.
import assert from 'node:assert/strict';
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
  send,
  textOf,
} from '../support/http-client.mjs';
import { connect } from '../support/websocket.mjs';

const whole = 'The answer is in [1].';
const slow = { pieces: ['one ', 'two ', 'three ', 'four'], betweenDelay: 150 };

/** All frames of a ref until its answer has ended. */
async function follow(socket, ref) {
  const frames = [];
  for (;;) {
    const frame = await socket.nextJson();
    assert.ok(frame, 'the socket ended before the answer');
    if (frame.ref !== ref) continue;
    frames.push(frame);
    if (frame.type === 'done' || frame.type === 'error') return frames;
  }
}

async function until(condition, what, limit = 5000) {
  for (const end = Date.now() + limit; Date.now() < end; await sleep(10)) {
    if (await condition()) return;
  }
  assert.fail(`${what} within ${limit} ms`);
}

describe('an answer', () => {
  let provider;
  let edge;
  before(async () => {
    provider = await startProvider((call) => JSON.parse(call.json.model.slice(5) || '{}'));
    edge = await startEdge({ provider });
  });
  after(async () => {
    const status = await edge?.stop();
    await provider?.stop();
    assert.equal(status, 0);
  });

  /** An ask whose provider call follows this script: it travels in the model's name. */
  const ask = (script = {}, text) => question(text, { model: `test ${JSON.stringify(script)}` });
  const open = () => connect(`${edge.url}/v1/socket`);

  test('comes whole and in order over WebSocket', async () => {
    const socket = await open();
    assert.equal(socket.protocol, 'weir.v1');
    socket.sendJson({ type: 'ask', ref: 1, key: freshKey(), request: ask() });
    const frames = await follow(socket, 1);
    assert.equal(frames[0].type, 'accepted');
    assert.equal(frames.at(-1).type, 'done');
    assert.equal(textOf(frames), whole);
    const cursors = frames.map(({ cursor }) => cursor);
    assert.deepEqual(
      cursors,
      [...cursors].sort((a, b) => a - b),
    );
    socket.cut();
  });

  test('comes whole and in order over HTTP', async () => {
    const response = await postAnswer(edge.url, { request: ask() });
    assert.equal(response.statusCode, 200);
    assert.equal(response.headers['content-type'], 'text/event-stream');
    assert.equal(response.headers['cache-control'], 'no-store');
    assert.equal(response.headers['x-accel-buffering'], 'no');
    const list = await allEvents(response);
    assert.equal(list[0].answer, response.headers['weir-answer']);
    assert.equal(textOf(list), whole);
    assert.equal(list.at(-1).finish_reason, 'stop');
  });

  test('is the same wherever the provider splits its bytes', async () => {
    for (const splitEvery of [1, 7, 100]) {
      const response = await postAnswer(edge.url, { request: ask({ splitEvery }) });
      assert.equal(textOf(await allEvents(response)), whole);
    }
  });

  test('shows its first delta long before it is whole', async () => {
    const index = provider.calls.length;
    const response = await postAnswer(edge.url, { request: ask({ ...slow, betweenDelay: 500 }) });
    for await (const event of events(response)) {
      if (event.type !== 'delta') continue;
      const latency = performance.now() - provider.calls[index].firstPieceAt;
      console.log(`first delta through the edge after ${latency.toFixed(1)} ms`);
      assert.ok(latency < 200, `${latency} ms`);
      break;
    }
  });

  test('many share one socket without mixing', async () => {
    const socket = await open();
    const texts = [1, 2, 3, 4, 5].map((ref) =>
      Array.from({ length: 20 }, (_, i) => `${ref}.${i} `),
    );
    for (const [i, pieces] of texts.entries()) {
      const request = ask({ pieces, betweenDelay: 2 });
      socket.sendJson({ type: 'ask', ref: i + 1, key: freshKey(), request });
    }
    const got = Object.fromEntries(texts.map((_, i) => [i + 1, '']));
    for (let ended = 0; ended < texts.length;) {
      const frame = await socket.nextJson();
      if (frame.type === 'delta') got[frame.ref] += frame.text;
      if (frame.type === 'done') ++ended;
    }
    for (const [i, pieces] of texts.entries()) assert.equal(got[i + 1], pieces.join(''));
    socket.cut();
  });

  test('cut on the socket goes on over HTTP, each event once', async () => {
    const index = provider.calls.length;
    const socket = await open();
    socket.sendJson({ type: 'ask', ref: 1, key: freshKey(), request: ask(slow) });
    const seen = [];
    while (!seen.some(({ type }) => type === 'delta')) seen.push(await socket.nextJson());
    socket.cut();
    const [{ answer }] = seen;
    const response = await send(`${edge.url}/v1/answers/${answer}`, {
      headers: { 'last-event-id': String(seen.at(-1).cursor) },
    });
    const rest = await allEvents(response);
    assert.equal(textOf([...seen, ...rest]), 'one two three four');
    assert.ok(rest[0].cursor > seen.at(-1).cursor);
    assert.equal(provider.calls.length, index + 1);
  });

  test('cut over HTTP goes on over the socket, each event once', async () => {
    const index = provider.calls.length;
    const response = await postAnswer(edge.url, { request: ask(slow) });
    const seen = [];
    for await (const event of events(response)) {
      seen.push(event);
      if (event.type === 'delta') break;
    }
    response.abort();
    const socket = await open();
    const { answer } = seen[0];
    socket.sendJson({ type: 'resume', ref: 9, answer, after: seen.at(-1).cursor });
    const rest = await follow(socket, 9);
    assert.equal(textOf([...seen, ...rest]), 'one two three four');
    assert.equal(provider.calls.length, index + 1);
    socket.cut();
  });

  test('that has ended can be read again from any cursor', async () => {
    const response = await postAnswer(edge.url, { request: ask() });
    const first = await allEvents(response);
    const path = `${edge.url}/v1/answers/${first[0].answer}`;
    assert.equal(textOf(await allEvents(await send(path))), whole);
    const after = first.find(({ type }) => type === 'delta').cursor;
    const rest = await allEvents(await send(`${path}?after=${after}`));
    assert.ok(rest.every(({ cursor }) => cursor > after));
    assert.equal(rest.at(-1).type, 'done');
  });

  test('asked again with the same key is never paid for twice', async () => {
    const index = provider.calls.length;
    const before = (await edge.metrics()).runs_started_total;
    const key = freshKey();
    const request = ask(slow);
    const socket = await open();
    socket.sendJson({ type: 'ask', ref: 1, key, request });
    const [one, two, three] = await Promise.all([
      postAnswer(edge.url, { key, request }).then(allEvents),
      postAnswer(edge.url, { key, request }).then(allEvents),
      follow(socket, 1),
    ]);
    assert.equal(one[0].answer, two[0].answer);
    assert.equal(one[0].answer, three[0].answer);
    for (const list of [one, two, three]) assert.equal(textOf(list), 'one two three four');
    const later = await allEvents(await postAnswer(edge.url, { key, request }));
    assert.equal(later[0].answer, one[0].answer);
    assert.equal(provider.calls.length, index + 1);
    assert.equal((await edge.metrics()).runs_started_total, before + 1);
    socket.cut();
  });

  test('asked with a used key and another body is refused', async () => {
    const key = freshKey();
    await allEvents(await postAnswer(edge.url, { key, request: ask() }));
    const response = await postAnswer(edge.url, { key, request: ask({}, 'Another?') });
    assert.equal(response.statusCode, 400);
    assert.equal((await json(response)).error.code, 'invalid_request');
  });

  for (const [over, cancel] of [
    ['the socket', (socket, key) => socket.sendJson({ type: 'cancel', key })],
    [
      'HTTP',
      (_, key, answer) =>
        send(`${edge.url}/v1/answers/${answer}`, {
          method: 'DELETE',
          headers: { 'weir-key': key },
        }).then((response) => assert.equal(response.statusCode, 204)),
    ],
  ]) {
    test(`cancelled over ${over} closes the provider's stream within 50 ms`, async () => {
      const latencies = [];
      for (let round = 0; round < 10; ++round) {
        const index = provider.calls.length;
        const socket = await open();
        const key = freshKey();
        const request = ask({ pieces: ['a '], hangAfterPieces: true });
        socket.sendJson({ type: 'ask', ref: 1, key, request });
        const accepted = await socket.nextJson();
        while ((await socket.nextJson()).type !== 'delta');
        const call = await provider.call(index);
        const cancelled = performance.now();
        await cancel(socket, key, accepted.answer);
        await call.closed;
        latencies.push(call.closedAt - cancelled);
        assert.ok(call.closedByPeer);
        const end = (await follow(socket, 1)).at(-1);
        assert.equal(end.code, 'cancelled');
        socket.cut();
      }
      latencies.sort((a, b) => a - b);
      const [median, worst] = [latencies[5], latencies[9]].map((each) => each.toFixed(1));
      console.log(`cancel over ${over}: median ${median} ms, worst ${worst} ms`);
      assert.ok(latencies[9] < 50, `worst ${worst} ms`);
    });
  }

  test('cancelled before the provider has answered closes the connection', async () => {
    const index = provider.calls.length;
    const socket = await open();
    const key = freshKey();
    socket.sendJson({ type: 'ask', ref: 1, key, request: ask({ hang: true }) });
    const call = await provider.call(index);
    socket.sendJson({ type: 'cancel', key });
    await call.closed;
    assert.equal((await follow(socket, 1)).at(-1).code, 'cancelled');
    socket.cut();
  });

  test('cannot be cancelled without its key', async () => {
    const key = freshKey();
    const response = await postAnswer(edge.url, { key, request: ask(slow) });
    const answer = response.headers['weir-answer'];
    const path = `${edge.url}/v1/answers/${answer}`;
    const refused = await send(path, { method: 'DELETE', headers: { 'weir-key': freshKey() } });
    assert.equal(refused.statusCode, 401);
    assert.equal(textOf(await allEvents(response)), 'one two three four');
  });

  test('that the provider cuts off ends in a typed error, its text untouched', async () => {
    const response = await postAnswer(edge.url, { request: ask({ cutAt: 400 }) });
    const list = await allEvents(response);
    assert.equal(list.at(-1).type, 'error');
    assert.equal(list.at(-1).code, 'provider_cut');
    assert.ok(whole.startsWith(textOf(list)));
  });

  for (const [status, code] of [
    [401, 'provider_auth'],
    [404, 'provider_model_missing'],
    [429, 'provider_quota'],
    [500, 'provider_error'],
  ]) {
    test(`says ${code} where the provider answers with status ${status}`, async () => {
      const missing = status === 404;
      const body = { error: { message: 'no', code: missing ? 'model_not_found' : 'other' } };
      const response = await postAnswer(edge.url, { request: ask({ status, body }) });
      const end = (await allEvents(response)).at(-1);
      assert.equal(end.type, 'error');
      assert.equal(end.code, code);
      assert.equal(end.provider, 'openai');
    });
  }

  test('goes on though one of its readers reads nothing', async () => {
    const large = { pieces: ['x'.repeat(1000)], repeat: 3000 };
    const stuck = await postAnswer(edge.url, { request: ask(large) });
    const path = `${edge.url}/v1/answers/${stuck.headers['weir-answer']}`;
    stuck.pause();
    const list = await allEvents(await send(path));
    assert.equal(list.at(-1).type, 'done');
    assert.equal(textOf(list).length, 3_000_000);
    stuck.abort();
  });

  test('that nobody knows is not found', async () => {
    const response = await send(`${edge.url}/v1/answers/${freshKey()}`);
    assert.equal(response.statusCode, 404);
    assert.equal((await json(response)).error.code, 'not_found');
  });

  test('leaves no reader behind when its clients are gone', async () => {
    const response = await postAnswer(edge.url, { request: ask({ hangAfterPieces: true }) });
    for await (const event of events(response)) if (event.type === 'delta') break;
    const socket = await open();
    socket.sendJson({ type: 'resume', ref: 1, answer: response.headers['weir-answer'], after: 0 });
    await socket.nextJson();
    response.abort();
    socket.cut();
    await until(async () => (await edge.metrics()).readers === 0, 'no readers');
  });
});

test('without a provider, an answer is made of its passages', async () => {
  const edge = await startEdge();
  const providers = await json(await send(`${edge.url}/v1/providers`));
  assert.equal(providers.configured, false);
  assert.equal(providers.default.provider, 'extract');
  const list = await allEvents(await postAnswer(edge.url));
  assert.equal(list.at(-1).type, 'done');
  assert.match(textOf(list), /src\/answer\.c/);
  assert.equal(await edge.stop(), 0);
});

test('a provider that cannot be reached is a typed error', async () => {
  const provider = await startProvider();
  await provider.stop();
  const edge = await startEdge({ provider });
  const end = (await allEvents(await postAnswer(edge.url))).at(-1);
  assert.equal(end.code, 'provider_unreachable');
  assert.equal(await edge.stop(), 0);
});
