// More questions than may run: who waits, in which order, and who is turned away.
import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
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
} from '../support/http-client.mjs';

describe('the queue', () => {
  let provider;
  let edge;
  afterEach(async () => {
    assert.equal(await edge?.stop(), 0);
    await provider?.stop();
  });

  /** The provider holds answers back until it is told to let one of them go, or all. */
  async function start(admission, config) {
    const held = [];
    let open = false;
    const holdBack = () => new Promise((done) => (open ? done() : held.push(done)));
    provider = await startProvider(() => ({ pauseAt: 0, goOn: holdBack() }));
    const letGo = () => {
      open = true;
      for (const done of held.splice(0)) done();
    };
    const letOneGo = () => held.shift()();
    edge = await startEdge({
      provider,
      config,
      limits: { admission: { positions: 0.05, ...admission } },
    });
    return { letGo, letOneGo };
  }

  const ask = (text, extra, key = freshKey()) =>
    postAnswer(edge.url, { request: question(text, extra), key });
  const promptOf = (call) => call.json.messages.at(-1).content;

  /** Reads until this event has come. */
  async function until(list, wanted) {
    for (;;) {
      const { value, done } = await list.next();
      assert.ok(!done, 'the stream ended');
      if (wanted(value)) return value;
    }
  }

  test('lets one after the other run, and tells each its place as it moves', async () => {
    const { letGo, letOneGo } = await start({ running: 1 });
    const first = await ask('first');
    await provider.call(0);
    const second = events(await ask('second'));
    assert.equal((await until(second, ({ type }) => type === 'queued')).position, 1);
    const third = events(await ask('third'));
    assert.equal((await until(third, ({ type }) => type === 'queued')).position, 2);
    assert.equal((await edge.metrics()).answers_queued, 2);
    assert.equal(provider.calls.length, 1);
    letOneGo();
    assert.equal((await allEvents(first)).at(-1).type, 'done');
    assert.equal((await until(third, ({ type }) => type === 'queued')).position, 1);
    letGo();
    await until(second, ({ type }) => type === 'done');
    await until(third, ({ type }) => type === 'done');
    assert.match(promptOf(provider.calls[1]), /second$/);
    assert.match(promptOf(provider.calls[2]), /third$/);
  });

  test('lets those of a higher priority go first', async () => {
    const { letGo } = await start({ running: 1 });
    await ask('first');
    await provider.call(0);
    const batch = events(await ask('batch', { priority: 'batch' }));
    await until(batch, ({ type }) => type === 'queued');
    const person = events(await ask('person'));
    assert.equal((await until(person, ({ type }) => type === 'queued')).position, 1);
    letGo();
    await until(batch, ({ type }) => type === 'done');
    assert.match(promptOf(provider.calls[1]), /person$/);
    assert.match(promptOf(provider.calls[2]), /batch$/);
  });

  test('turns away who finds it full, with the time to wait; its key stays good', async () => {
    const { letGo } = await start({ running: 1, queue: 1, retry_after: 3 });
    await ask('first');
    await provider.call(0);
    await until(events(await ask('second')), ({ type }) => type === 'queued');
    const key = freshKey();
    const refused = await ask('third', {}, key);
    assert.equal(refused.statusCode, 503);
    assert.equal(refused.headers['retry-after'], '3');
    const { error } = await json(refused);
    assert.equal(error.code, 'queue_full');
    assert.equal(error.retry_after_ms, 3000);
    letGo();
    let again;
    do again = await ask('third', {}, key);
    while (again.statusCode === 503);
    assert.equal((await allEvents(again)).at(-1).type, 'done');
  });

  test('is left at once with a Stop', async () => {
    const { letGo } = await start({ running: 1 });
    await ask('first');
    await provider.call(0);
    const key = freshKey();
    const second = events(await ask('second', {}, key));
    await until(second, ({ type }) => type === 'queued');
    const stop = await send(`${edge.url}/v1/answers`, {
      method: 'DELETE',
      headers: { 'weir-key': key },
    });
    assert.equal(stop.statusCode, 204);
    assert.equal((await until(second, ({ type }) => type === 'error')).code, 'cancelled');
    assert.equal((await edge.metrics()).answers_queued, 0);
    letGo();
    assert.equal(provider.calls.length, 1);
  });

  test('tells the clients of a trusted proxy apart', async () => {
    const { letGo } = await start({ running_per_client: 1 }, { trusted_proxies: ['127.0.0.1'] });
    const askFrom = async (address) =>
      events(await postAnswer(edge.url, { headers: { 'x-forwarded-for': address } }));
    await askFrom('203.0.113.5');
    await askFrom('203.0.113.6');
    await provider.call(1);
    const again = await askFrom('198.51.100.1, 203.0.113.5');
    assert.equal((await until(again, ({ type }) => type === 'queued')).position, 1);
    letGo();
    await until(again, ({ type }) => type === 'done');
  });

  test('ends a wait that takes too long', async () => {
    const { letGo } = await start({ running: 1, queue_wait: 0.2 });
    await ask('first');
    await provider.call(0);
    const last = (await allEvents(await ask('second'))).at(-1);
    assert.equal(last.code, 'queue_full');
    assert.match(last.message, /waited/);
    letGo();
  });

  test('turns away who has used up its minute, with the time to wait', async () => {
    const { letGo } = await start({ requests_per_minute: 2, queue_wait: 5 });
    letGo();
    for (let i = 0; i < 2; ++i)
      assert.equal((await allEvents(await ask('go'))).at(-1).type, 'done');
    const refused = await ask('too many');
    assert.equal(refused.statusCode, 429);
    assert.ok(Number(refused.headers['retry-after']) > 20);
    assert.equal((await json(refused)).error.code, 'rate_limited');
  });
});
