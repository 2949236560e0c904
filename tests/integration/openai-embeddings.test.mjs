// OpenAI's embeddings through the edge: by the official SDK, whose default is base64, and by others.
import assert from 'node:assert/strict';
import OpenAI from 'openai';
import { after, before, beforeEach, describe, test } from 'node:test';
import { startEdge } from '../support/edge.mjs';
import { startProvider } from '../support/fake-provider.mjs';
import { send } from '../support/http-client.mjs';

const vectorOf = (text) => [text.length, -0.5, 0.1];

/** As OpenAI's server answers. */
const embeddings = (call) => ({
  json: {
    object: 'list',
    data: call.json.input.map((text, index) => ({ object: 'embedding', index, embedding: vectorOf(text) })),
    model: call.json.model,
    usage: { prompt_tokens: 3, total_tokens: 3 },
  },
}); // prettier-ignore

const rounded = (vector) => vector.map((number) => Math.round(number * 1e6) / 1e6);

describe("OpenAI's embeddings", () => {
  let provider;
  let edge;
  let client;
  before(async () => {
    provider = await startProvider();
    edge = await startEdge({
      provider,
      limits: { recovery: { retries: 1, retry_first: 0.01, retry_most: 0.02 } },
    });
    client = new OpenAI({ baseURL: `${edge.url}/v1`, apiKey: 'not-looked-at', maxRetries: 0 });
  });
  beforeEach(() => (provider.script = embeddings));
  after(async () => {
    assert.equal(await edge?.stop(), 0);
    await provider?.stop();
  });

  const create = (input, extra = {}) =>
    client.embeddings.create({ model: 'text-embedding-3-small', input, ...extra });

  test('come as the SDK asks for them, and as numbers', async () => {
    for (const extra of [{}, { encoding_format: 'float' }]) {
      const { data, model, usage } = await create(['one', 'three'], extra);
      assert.equal(model, 'text-embedding-3-small');
      assert.deepEqual(
        data.map(({ embedding, index }) => [index, rounded(embedding)]),
        [
          [0, vectorOf('one')],
          [1, vectorOf('three')],
        ],
      );
      assert.deepEqual(usage, { prompt_tokens: 3, total_tokens: 3 });
    }
    const { path, json } = provider.calls.at(-1);
    assert.equal(path, '/v1/embeddings');
    assert.deepEqual(json.input, ['one', 'three']);
  });

  test('pass on one text, tokens and dimensions', async () => {
    await create('one', { dimensions: 3 });
    assert.deepEqual(provider.calls.at(-1).json.input, ['one']);
    assert.equal(provider.calls.at(-1).json.dimensions, 3);
    await create([[1, 2, 3]]);
    assert.deepEqual(provider.calls.at(-1).json.input, [[1, 2, 3]]);
  });

  test('of many texts are asked for in parts', async () => {
    const calls = provider.calls.length;
    const texts = Array.from({ length: 300 }, (_, i) => 'x'.repeat(i + 1));
    const { data } = await create(texts);
    assert.deepEqual(
      data.map(({ embedding }) => embedding[0]),
      texts.map(({ length }) => length),
    );
    assert.equal(provider.calls.length, calls + 3);
  });

  test('survive a provider that fails for a while', async () => {
    let calls = 0;
    provider.script = (call) => (++calls === 1 ? { status: 503, body: {} } : embeddings(call));
    assert.equal((await create('one')).data.length, 1);
    assert.equal(calls, 2);
  });

  test('fail as the SDK knows it', async () => {
    provider.script = { status: 401, body: { error: { message: 'no', code: 'invalid_api_key' } } };
    await assert.rejects(create('one'), OpenAI.AuthenticationError);
    provider.script = { status: 429, body: { error: {} }, headers: { 'retry-after': '7' } };
    const limited = await create('one').catch((error) => error);
    assert.ok(limited instanceof OpenAI.RateLimitError);
    assert.equal(limited.headers.get('retry-after'), '7');
    const wrong = await create([]).catch((error) => error);
    assert.ok(wrong instanceof OpenAI.BadRequestError);
    assert.match(wrong.message, /input must be/);
    const none = await create('one', { model: 'extract' }).catch((error) => error);
    assert.match(none.message, /extract has no embeddings/);
  });

  test('stop when their client does', async () => {
    provider.script = { hang: true };
    const calls = provider.calls.length;
    const abort = new AbortController();
    const asked = client.embeddings
      .create({ model: 'm', input: 'one' }, { signal: abort.signal })
      .catch((error) => error);
    const call = await provider.call(calls);
    abort.abort();
    await call.closed;
    assert.ok(call.closedByPeer);
    await asked;
  });

  test('and models may be asked for from pages of allowed origins', async () => {
    const preflight = (origin) =>
      send(`${edge.url}/v1/embeddings`, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization,content-type,x-stainless-lang',
        },
      });
    const allowed = await preflight(edge.url);
    assert.equal(allowed.statusCode, 204);
    assert.equal(
      allowed.headers['access-control-allow-headers'],
      'authorization, content-type, x-stainless-lang',
    );
    assert.equal((await preflight('https://attacker.example')).statusCode, 403);
    assert.equal((await client.models.retrieve('gpt-4o')).owned_by, 'openai');
    await assert.rejects(client.models.retrieve('openai/none'), OpenAI.NotFoundError);
  });
});
