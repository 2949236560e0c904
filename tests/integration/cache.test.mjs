// Who asks the same is given the same answer: of one provider call, with an id of its own, told so.
import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import OpenAI from 'openai';
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

describe('the cache', () => {
  let provider;
  let edge;
  afterEach(async () => {
    assert.equal(await edge?.stop(), 0);
    await provider?.stop();
  });

  async function start({ script = {}, ...options } = {}) {
    provider = await startProvider(script);
    edge = await startEdge({ provider, caches: true, ...options });
  }

  const ask = async (request = question(), headers = {}) =>
    allEvents(await postAnswer(edge.url, { request, headers }));

  /** A provider that goes silent before its last piece until it is let go on. */
  function held() {
    let letGo;
    const goOn = new Promise((done) => (letGo = done));
    return { script: { pauseAt: 2, goOn }, letGo };
  }

  /** The events up to the first text. */
  async function begun(list) {
    const seen = [];
    for (;;) {
      const { value, done } = await list.next();
      assert.ok(!done, 'the stream ended');
      seen.push(value);
      if (value.type === 'delta') return seen;
    }
  }

  test('gives an earlier answer again, at once and marked', async () => {
    await start({ script: { firstDelay: 300 } });
    const first = await ask();
    const asked = Date.now();
    const second = await ask();
    assert.ok(Date.now() - asked < 250, 'the provider was not waited for');
    assert.equal(provider.calls.length, 1);
    assert.equal(textOf(second), textOf(first));
    assert.equal(first[0].reused, undefined);
    assert.equal(second[0].reused, 'ended');
    assert.notEqual(second[0].answer, first[0].answer);
    const followed = await allEvents(await send(`${edge.url}/v1/answers/${second[0].answer}`));
    assert.deepEqual(followed, second);
    assert.equal((await edge.metrics()).cached_answers, 1);
  });

  test('takes a request as the same however its JSON is written', async () => {
    await start();
    await ask();
    const { messages, context, repo_url: address } = question();
    const written = ` {"context": ${JSON.stringify(context, null, 2)}, "unknown": 1,
      "messages": ${JSON.stringify(messages)}, "repo_url": "${address}", "language": null} `;
    const response = await send(`${edge.url}/v1/answers`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'weir-key': freshKey() },
      body: written,
    });
    assert.equal((await allEvents(response))[0].reused, 'ended');
    const other = question('Where is the answer', {});
    assert.equal((await ask(other))[0].reused, undefined);
    assert.equal(provider.calls.length, 2);
  });

  test('lets equal questions share a running call, each with a Stop of its own', async () => {
    const { script, letGo } = held();
    await start({ script });
    const keys = [freshKey(), freshKey(), freshKey()];
    const lists = [];
    const ids = [];
    for (const key of keys) {
      const response = await postAnswer(edge.url, { key });
      ids.push(response.headers['weir-answer']);
      lists.push(events(response));
    }
    const seen = await Promise.all(lists.map(begun));
    assert.deepEqual(
      seen.map(([accepted]) => [accepted.answer, accepted.reused]),
      [
        [ids[0], undefined],
        [ids[1], 'running'],
        [ids[2], 'running'],
      ],
    );
    const stopped = await send(`${edge.url}/v1/answers/${ids[0]}`, {
      method: 'DELETE',
      headers: { 'weir-key': keys[0] },
    });
    assert.equal(stopped.statusCode, 204);
    letGo();
    const [one, two, three] = await Promise.all(
      lists.map(async (list, i) => {
        const all = [...seen[i]];
        for await (const event of list) all.push(event);
        return all;
      }),
    );
    assert.equal(one.at(-1).code, 'cancelled');
    assert.equal(two.at(-1).type, 'done');
    assert.equal(textOf(two), 'The answer is in [1].');
    assert.equal(textOf(three), textOf(two));
    assert.equal(provider.calls.length, 1);
  });

  test('ends the call when the last who wanted it has stopped', async () => {
    const { script } = held();
    await start({ script });
    const keys = [freshKey(), freshKey()];
    for (const key of keys) await begun(events(await postAnswer(edge.url, { key })));
    const stop = (key) =>
      send(`${edge.url}/v1/answers`, { method: 'DELETE', headers: { 'weir-key': key } });
    await stop(keys[0]);
    const [call] = provider.calls;
    assert.equal(call.closedAt, undefined);
    await stop(keys[1]);
    await call.closed;
  });

  test('asks anew with no_cache, with Cache-Control, and after an error', async () => {
    let fails = false;
    await start({
      script: () => (fails ? { status: 400, body: '{"error":{"message":"no"}}' } : {}),
      limits: { recovery: { retries: 0 } },
    });
    await ask();
    assert.equal((await ask(question(undefined, { no_cache: true })))[0].reused, undefined);
    assert.equal((await ask(question(), { 'cache-control': 'no-cache' }))[0].reused, undefined);
    assert.equal(provider.calls.length, 3);
    assert.equal((await ask())[0].reused, 'ended');
    fails = true;
    assert.equal((await ask(question('What fails?'))).at(-1).type, 'error');
    fails = false;
    assert.equal((await ask(question('What fails?'))).at(-1).type, 'done');
  });

  test('is for one client alone unless told otherwise', async () => {
    const codes = ['first', 'second'].map((name) => ({ name, code: `the code of ${name}` }));
    const as = (name) => ({ authorization: `Bearer the code of ${name}` });
    const access = { mode: 'codes', codes };
    await start({ config: { access } });
    await ask(question(), as('first'));
    assert.equal((await ask(question(), as('second')))[0].reused, undefined);
    assert.equal((await ask(question(), as('second')))[0].reused, 'ended');
    await edge.stop();
    edge = await startEdge({ provider, caches: true, config: { access, cache_shared: true } });
    await ask(question(), as('first'));
    assert.equal((await ask(question(), as('second')))[0].reused, 'ended');
  });

  test('is told to OpenAI’s clients by a header', async () => {
    await start();
    const client = new OpenAI({ baseURL: `${edge.url}/v1`, apiKey: 'any', maxRetries: 0 });
    const messages = [{ role: 'user', content: 'Why?' }];
    const create = (more, options) =>
      client.chat.completions
        .create({ model: 'gpt-4o', messages, ...more }, options)
        .withResponse();
    const first = await create();
    assert.equal(first.response.headers.get('weir-reused'), null);
    const second = await create();
    assert.equal(second.response.headers.get('weir-reused'), 'ended');
    assert.notEqual(second.data.id, first.data.id);
    assert.equal(second.data.choices[0].message.content, first.data.choices[0].message.content);
    const streamed = await create({ stream: true });
    assert.equal(streamed.response.headers.get('weir-reused'), 'ended');
    for await (const chunk of streamed.data) assert.equal(chunk.object, 'chat.completion.chunk');
    await create({ temperature: 0.7 });
    await create({}, { headers: { 'Cache-Control': 'no-cache' } });
    assert.equal(provider.calls.length, 3);
  });

  test('writes down who paid', async () => {
    await start();
    await ask();
    await ask();
    const lines = () => edge.stderr.split('\n').filter((line) => line.startsWith('{'));
    while (lines().length < 2) await new Promise((done) => edge.child.stderr.once('data', done));
    const [first, second] = lines().map((line) => JSON.parse(line));
    assert.deepEqual([first.calls, first.reused, first.output_tokens], [1, undefined, 7]);
    assert.deepEqual([second.calls, second.reused, second.output_tokens], [0, 'ended', undefined]);
    const metrics = await (await fetch(`${edge.url}/metrics`)).text();
    assert.match(metrics, /^weir_answers_reused_total\{answer="ended"\} 1$/m);
    assert.match(metrics, /^weir_runs_started_total 1$/m);
  });
});
