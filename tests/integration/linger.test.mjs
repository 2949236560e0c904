// Clients that leave without a word: the answer waits for them for a while, then its provider is closed.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEdge } from '../support/edge.mjs';
import { startProvider } from '../support/fake-provider.mjs';
import {
  allEvents,
  events,
  freshKey,
  postAnswer,
  question,
  send,
} from '../support/http-client.mjs';
import { connect } from '../support/websocket.mjs';

const linger = 1000; // ms

/** Leaves in the middle of the answer; gives its id. */
async function leaveOverHttp(url) {
  const response = await postAnswer(url);
  for await (const event of events(response)) if (event.type === 'delta') break;
  response.abort();
  return response.headers['weir-answer'];
}

async function leaveOverSocket(url) {
  const socket = await connect(`${url}/v1/socket`);
  socket.sendJson({ type: 'ask', ref: 1, key: freshKey(), request: question() });
  const { answer } = await socket.nextJson();
  while ((await socket.nextJson()).type !== 'delta');
  socket.cut();
  return answer;
}

describe('an answer whose reader has left', { timeout: 30_000 }, () => {
  let provider;
  let edge;
  before(async () => {
    provider = await startProvider({ pieces: ['a ', 'b '], repeat: 1000, betweenDelay: 20 });
    edge = await startEdge({ provider, limits: { answer: { linger: linger / 1000 } } });
  });
  after(async () => {
    assert.equal(await edge?.stop(), 0);
    await provider?.stop();
  });

  const follow = (answer) => send(`${edge.url}/v1/answers/${answer}`);

  for (const [over, leave] of [
    ['HTTP', leaveOverHttp],
    ['the socket', leaveOverSocket],
  ]) {
    test(`over ${over} goes on for the linger time, then closes its provider`, async () => {
      const index = provider.calls.length;
      const answer = await leave(edge.url);
      const left = performance.now();
      const call = await provider.call(index);
      await call.closed;
      const lasted = call.closedAt - left;
      console.log(`left over ${over}: the provider was closed after ${lasted.toFixed(0)} ms`);
      assert.ok(call.closedByPeer);
      assert.ok(lasted > linger - 50 && lasted < linger + 2000, `${lasted} ms`);
      const end = (await allEvents(await follow(answer))).at(-1);
      assert.equal(end.code, 'cancelled');
      assert.equal(provider.calls.length, index + 1);
    });

    test(`over ${over} goes on where another comes in time`, async () => {
      const index = provider.calls.length;
      const answer = await leave(edge.url);
      await sleep(linger / 2);
      const response = await follow(answer);
      const enough = performance.now() + 2 * linger;
      for await (const { type } of events(response)) {
        if (type === 'delta' && performance.now() > enough) break;
      }
      const call = provider.calls[index];
      assert.equal(call.closedAt, undefined);
      response.abort();
      await call.closed;
    });
  }
});
