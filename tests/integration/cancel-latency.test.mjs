// Cancel wins: in every phase the provider's connection is closed at once, every reader learns of it at
// the same cursor, and nothing brings the answer back.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startEdge } from '../support/edge.mjs';
import { startProvider } from '../support/fake-provider.mjs';
import { allEvents, freshKey, postAnswer, question, send } from '../support/http-client.mjs';
import { connect } from '../support/websocket.mjs';

const rounds = 50; // of each case
const limit = 50; // ms, for 99 of 100 rounds

const noHead = { hang: true };
const noToken = { pieces: [], hangAfterPieces: true };
const streaming = { pieces: ['a ', 'b ', 'c '], repeat: 10_000, betweenDelay: 2 };

const ends = ({ type }) => type === 'done' || type === 'error';

/** The frames of ref 1 until its answer has ended. */
async function restOf(socket) {
  const frames = [];
  for (let frame; (frame = await socket.nextJson());) {
    if (frame.ref === 1) frames.push(frame);
    if (frames.at(-1) && ends(frames.at(-1))) return frames;
  }
  assert.fail('the socket ended before the answer');
}

async function frameOfType(socket, type) {
  for (let frame; (frame = await socket.nextJson());) if (frame.type === type) return frame;
  assert.fail(`no ${type} came`);
}

const overSocket = (socket, key, answer) => socket.sendJson({ type: 'cancel', key, answer });

async function overHttp(url, key, answer) {
  const response = await send(`${url}/v1/answers${answer ? `/${answer}` : ''}`, {
    method: 'DELETE',
    headers: { 'weir-key': key },
  });
  assert.equal(response.statusCode, 204);
}

const percentile = (sorted, share) => sorted[Math.ceil(sorted.length * share) - 1];

describe('cancelling', { timeout: 60_000 }, () => {
  let provider;
  let edge;
  let tab; // a connection beside the asker's
  const latencies = [];
  before(async () => {
    provider = await startProvider((call) => JSON.parse(call.json.model.slice(5)));
    edge = await startEdge({ provider });
    tab = await connect(`${edge.url}/v1/socket`);
  });
  after(async () => {
    tab?.cut();
    assert.equal(await edge?.stop(), 0);
    await provider?.stop();
  });

  const open = () => connect(`${edge.url}/v1/socket`);

  /** Asks on a socket of its own, and waits for the provider to be called. */
  async function begin(script) {
    const index = provider.calls.length;
    const asked = {
      key: freshKey(),
      request: question('Where?', { model: `test ${JSON.stringify(script)}` }),
      socket: await open(),
    };
    asked.socket.sendJson({ type: 'ask', ref: 1, key: asked.key, request: asked.request });
    asked.answer = (await frameOfType(asked.socket, 'accepted')).answer;
    asked.call = await provider.call(index);
    if (script === streaming) asked.cursor = (await frameOfType(asked.socket, 'delta')).cursor;
    return asked;
  }

  async function resumeElsewhere(asked) {
    asked.socket.cut();
    asked.socket = await open();
    const { answer, cursor: after } = asked;
    asked.socket.sendJson({ type: 'resume', ref: 1, answer, after });
    await frameOfType(asked.socket, 'delta');
  }

  /** Every reader, and who asks or resumes later, gets the one end; the provider no other call. */
  async function assertEnded({ key, request, answer, socket }, follower) {
    const calls = provider.calls.length;
    const end = (await restOf(socket)).at(-1);
    assert.equal(end.code, 'cancelled');
    const later = await open();
    later.sendJson({ type: 'ask', ref: 1, key, request });
    const others = await Promise.all([
      follower,
      restOf(later),
      postAnswer(edge.url, { key, request }).then(allEvents),
      send(`${edge.url}/v1/answers/${answer}?after=0`).then(allEvents),
    ]);
    for (const list of others) {
      assert.deepEqual([list.at(-1).code, list.at(-1).cursor], ['cancelled', end.cursor]);
    }
    assert.equal(provider.calls.length, calls);
    for (const each of [socket, later]) each.cut();
  }

  const cases = [
    ['before the response has begun', noHead, ({ socket, key }) => overSocket(socket, key)],
    ['before the first token', noToken, ({ socket, key }) => overSocket(socket, key)],
    ['in mid stream', streaming, ({ socket, key, answer }) => overSocket(socket, key, answer)],
    ['over HTTP', streaming, ({ key, answer }) => overHttp(edge.url, key, answer)],
    [
      'after a resume',
      streaming,
      ({ socket, key, answer }) => overSocket(socket, key, answer),
      resumeElsewhere,
    ],
    ['from another tab', streaming, ({ key }) => overSocket(tab, key)],
    [
      'from another tab, over HTTP, by the key alone',
      noToken,
      ({ key }) => overHttp(edge.url, key),
    ],
  ];

  for (const [when, script, cancel, prepare] of cases) {
    test(`${when} ends the answer for good`, async () => {
      for (let round = 0; round < rounds; ++round) {
        const asked = await begin(script);
        await prepare?.(asked);
        const follower = allEvents(await send(`${edge.url}/v1/answers/${asked.answer}`));
        const cancelled = performance.now();
        await cancel(asked);
        await asked.call.closed;
        assert.ok(asked.call.closedByPeer);
        latencies.push(asked.call.closedAt - cancelled);
        await assertEnded(asked, follower);
      }
    });
  }

  test('before the ask has come lets it call nobody', async () => {
    const calls = provider.calls.length;
    for (let round = 0; round < rounds; ++round) {
      const key = freshKey();
      const request = question('Where?', { model: `test ${JSON.stringify(streaming)}` });
      const socket = await open();
      overSocket(socket, key);
      socket.sendJson({ type: 'ask', ref: 1, key, request });
      assert.equal((await restOf(socket)).at(-1).code, 'cancelled');
      socket.cut();
    }
    assert.equal(provider.calls.length, calls);
    assert.equal((await edge.metrics()).answers_running, 0);
  });

  test(`closes the provider's connection within ${limit} ms (p99)`, () => {
    const sorted = latencies.sort((a, b) => a - b);
    const [p50, p99] = [0.5, 0.99].map((share) => percentile(sorted, share).toFixed(1));
    console.log(`cancel, ${sorted.length} rounds: p50 ${p50} ms, p99 ${p99} ms, worst ${sorted.at(-1).toFixed(1)} ms`); // prettier-ignore
    assert.ok(sorted.length >= cases.length * rounds);
    assert.ok(p99 < limit, `p99 ${p99} ms`);
  });
});
