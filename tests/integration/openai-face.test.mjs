// OpenAI's own SDK, as it is, against the edge.
import assert from 'node:assert/strict';
import OpenAI from 'openai';
import { after, before, beforeEach, describe, test } from 'node:test';
import { startEdge } from '../support/edge.mjs';
import { startProvider } from '../support/fake-provider.mjs';
import { json, send, text } from '../support/http-client.mjs';

const words = ['The answer ', 'is 42: ', 'ü🦊.'];
const answer = words.join('');
const messages = [
  { role: 'developer', content: 'Be brief.' },
  { role: 'user', content: 'What is six times nine?' },
];

const clientOf = (edge) => new OpenAI({ baseURL: `${edge.url}/v1`, apiKey: 'not-looked-at' });

async function all(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
}

const textOf = (chunks) => chunks.map((each) => each.choices[0]?.delta.content ?? '').join('');

const event = (members) => `data: ${JSON.stringify(members)}\n\n`;
const delta = (members, finish = null) =>
  event({ choices: [{ index: 0, delta: members, finish_reason: finish }] });
const raw = (...parts) => ({
  raw: { type: 'text/event-stream', parts: [...parts, 'data: [DONE]\n\n'] },
});

describe("OpenAI's chat completions", () => {
  let provider;
  let edge;
  let client;
  before(async () => {
    provider = await startProvider();
    edge = await startEdge({ provider, limits: { recovery: { retries: 0 } } });
    client = clientOf(edge);
  });
  beforeEach(() => (provider.script = { pieces: words }));
  after(async () => {
    assert.equal(await edge?.stop(), 0);
    await provider?.stop();
  });

  const create = (extra = {}) =>
    client.chat.completions.create({ model: 'gpt-4o', messages, ...extra });

  test('come whole', async () => {
    const before = Math.floor(Date.now() / 1000);
    const completion = await create();
    assert.equal(completion.object, 'chat.completion');
    assert.match(completion.id, /^chatcmpl-[0-9a-f]{32}$/);
    assert.equal(completion.model, 'gpt-4o');
    assert.ok(completion.created >= before && completion.created <= before + 10);
    assert.deepEqual(completion.choices, [
      {
        index: 0,
        message: { role: 'assistant', refusal: null, content: answer },
        logprobs: null,
        finish_reason: 'stop',
      },
    ]);
    assert.deepEqual(completion.usage, {
      prompt_tokens: 11,
      completion_tokens: 7,
      total_tokens: 18,
    });
  });

  test('stream as they are said, in chunks that fit together', async () => {
    let goOn;
    provider.script = { pieces: words, pauseAt: 1, goOn: new Promise((done) => (goOn = done)) };
    const chunks = [];
    for await (const chunk of await create({ stream: true })) {
      chunks.push(chunk);
      if (chunk.choices[0].delta.content === words[0]) goOn();
    }
    assert.equal(textOf(chunks), answer);
    assert.deepEqual(chunks[0].choices[0].delta, { role: 'assistant', content: '' });
    assert.equal(chunks.at(-1).choices[0].finish_reason, 'stop');
    assert.equal(new Set(chunks.map(({ id }) => id)).size, 1);
    for (const chunk of chunks) assert.equal(chunk.object, 'chat.completion.chunk');
  });

  test('tell the usage last where it is asked for', async () => {
    const chunks = await all(
      await create({ stream: true, stream_options: { include_usage: true } }),
    );
    assert.deepEqual(chunks.at(-1).choices, []);
    assert.equal(chunks.at(-1).usage.total_tokens, 18);
    assert.ok((await all(await create({ stream: true }))).every(({ usage }) => !usage));
  });

  test("are put together by the SDK's own helper", async () => {
    const stream = client.chat.completions.stream({ model: 'gpt-4o', messages });
    assert.equal(await stream.finalContent(), answer);
  });

  test('send the messages as they are, without a word of ours', async () => {
    await create({ messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }] });
    assert.deepEqual(provider.calls.at(-1).json.messages, [{ role: 'user', content: 'Hi' }]);
    await create();
    assert.deepEqual(provider.calls.at(-1).json.messages, [
      { role: 'system', content: 'Be brief.' },
      messages[1],
    ]);
  });

  test('pass on how the answer is to be written', async () => {
    const settings = {
      temperature: 0.25,
      top_p: 0.5,
      frequency_penalty: 0.5,
      presence_penalty: -0.5,
      seed: 7,
      stop: ['END'],
      max_completion_tokens: 50,
      reasoning_effort: 'low',
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'answer', schema: { type: 'object' }, strict: true },
      },
      tools: [{ type: 'function', function: { name: 'add', parameters: { type: 'object' } } }],
      tool_choice: 'required',
      parallel_tool_calls: false,
    };
    await create(settings);
    const sent = provider.calls.at(-1).json;
    for (const [name, value] of Object.entries(settings)) assert.deepEqual(sent[name], value, name);
    await create({ max_tokens: 60 });
    assert.equal(provider.calls.at(-1).json.max_completion_tokens, 60);
  });

  test('are refused where the provider cannot do what is asked', async () => {
    const tools = [{ type: 'function', function: { name: 'add' } }];
    const calls = provider.calls.length;
    const error = await create({ model: 'extract', tools }).catch((failure) => failure);
    assert.ok(error instanceof OpenAI.BadRequestError, String(error));
    assert.match(error.message, /extract cannot do what tools asks for/);
    assert.equal(provider.calls.length, calls);
  });

  test('are about a repository where one is named', async () => {
    await create({ repo_url: 'https://example.org/acme/widgets' });
    assert.match(provider.calls.at(-1).json.messages[0].content, /code repository/);
  });

  test('pass tool calls on, whole and in chunks', async () => {
    const call = { index: 0, id: 'call_1', type: 'function' };
    provider.script = raw(
      delta({ tool_calls: [{ ...call, function: { name: 'add', arguments: '' } }] }),
      delta({ tool_calls: [{ index: 0, function: { arguments: '{"a":' } }] }),
      delta({ tool_calls: [{ index: 0, function: { arguments: '6}' } }] }),
      delta({}, 'tool_calls'),
    );
    const expected = {
      id: 'call_1',
      type: 'function',
      function: { name: 'add', arguments: '{"a":6}' },
    };
    const { choices } = await create();
    assert.equal(choices[0].finish_reason, 'tool_calls');
    assert.equal(choices[0].message.content, null);
    assert.deepEqual(choices[0].message.tool_calls, [expected]);
    const helped = await client.chat.completions
      .stream({ model: 'gpt-4o', messages })
      .finalMessage();
    const { id, type, function: called } = helped.tool_calls[0];
    assert.deepEqual({ id, type, function: called }, { ...expected, function: called });
    assert.equal(called.name, 'add');
    assert.equal(called.arguments, '{"a":6}');
  });

  test('show the thinking apart from the text', async () => {
    provider.script = raw(delta({ reasoning_content: 'Hm.' }), delta({ content: 'Yes.' }, 'stop'));
    const { message } = (await create()).choices[0];
    assert.equal(message.reasoning_content, 'Hm.');
    assert.equal(message.content, 'Yes.');
    const chunks = await all(await create({ stream: true }));
    assert.equal(textOf(chunks), 'Yes.');
    assert.ok(chunks.some((each) => each.choices[0].delta.reasoning_content === 'Hm.'));
  });

  test('stop when their client does', async () => {
    for (const stream of [true, false]) {
      provider.script = { pieces: words, hangAfterPieces: true };
      const calls = provider.calls.length;
      const abort = new AbortController();
      const asked = client.chat.completions
        .create({ model: 'gpt-4o', messages, stream }, { signal: abort.signal })
        .then((answered) => (stream ? all(answered) : answered))
        .catch((error) => error);
      const call = await provider.call(calls);
      while (!call.firstPieceAt) await new Promise((done) => setTimeout(done, 5));
      const abortedAt = performance.now();
      abort.abort();
      await call.closed;
      assert.ok(call.closedByPeer);
      assert.ok(call.closedAt - abortedAt < 5000, 'long before the linger time');
      await asked;
    }
  });

  test('fail as the SDK knows it, and once', async () => {
    const refusals = [
      [{ status: 401, body: { error: { message: 'no', code: 'invalid_api_key' } } },
        OpenAI.AuthenticationError, 'invalid_api_key'],
      [{ status: 404, body: { error: { message: 'no', code: 'model_not_found' } } },
        OpenAI.NotFoundError, 'model_not_found'],
      [{ status: 400, body: { error: { message: 'no', code: 'context_length_exceeded' } } },
        OpenAI.BadRequestError, 'context_length_exceeded'],
    ]; // prettier-ignore
    for (const [script, kind, code] of refusals) {
      for (const stream of [false, true]) {
        provider.script = script;
        const error = await create({ stream }).catch((failure) => failure);
        assert.ok(error instanceof kind, `${code}: ${error}`);
        assert.equal(error.code, code);
        assert.doesNotMatch(error.message, /sk-test-secret/);
      }
    }
    const calls = provider.calls.length;
    provider.script = refusals[0][0];
    await assert.rejects(create());
    assert.equal(provider.calls.length, calls + 1);
  });

  test('leave it to the SDK to wait where a limit is reached', async () => {
    const patient = client.withOptions({ maxRetries: 1 });
    let calls = 0;
    provider.script = () =>
      ++calls === 1
        ? { status: 429, body: { error: { message: 'slow' } }, headers: { 'retry-after': '1' } }
        : { pieces: words };
    const completion = await patient.chat.completions.create({ model: 'gpt-4o', messages });
    assert.equal(completion.choices[0].message.content, answer);
    provider.script = { status: 429, body: { error: { message: 'slow' } } };
    const error = await client
      .withOptions({ maxRetries: 0 })
      .chat.completions.create({ model: 'gpt-4o', messages })
      .catch((failure) => failure);
    assert.ok(error instanceof OpenAI.RateLimitError, String(error));
  });

  test('raise an error where a stream breaks off', async () => {
    provider.script = { pieces: words, cutAt: 400 };
    const stream = await create({ stream: true });
    let said = '';
    const error = await (async () => {
      for await (const chunk of stream) said += chunk.choices[0].delta.content ?? '';
    })().catch((failure) => failure);
    assert.ok(error instanceof OpenAI.APIError, String(error));
    assert.equal(error.code, 'provider_cut');
    assert.equal(said.slice(0, 4), 'The ');
  });

  test('say what is wrong with a request', async () => {
    for (const [extra, message] of [
      [{ messages: [] }, /messages must be/],
      [{ n: 2 }, /n must be 1/],
      [
        { messages: [{ role: 'user', content: [{ type: 'image_url' }] }] },
        /messages\[0\]\.content/,
      ],
    ]) {
      const error = await create(extra).catch((failure) => failure);
      assert.ok(error instanceof OpenAI.BadRequestError, String(error));
      assert.match(error.message, message);
      assert.equal(error.type, 'invalid_request_error');
    }
  });

  test('list the models, each under the name that asks it', async () => {
    const ids = [];
    for await (const model of client.models.list()) {
      assert.equal(model.object, 'model');
      ids.push(model.id);
    }
    assert.ok(ids.includes('gpt-4o') && ids.includes('extract'), ids.join());
    const extract = await create({ model: 'extract' });
    assert.equal(extract.model, 'extract');
    assert.equal((await create({ model: 'openai/of-my-own' })).model, 'of-my-own');
    assert.equal(provider.calls.at(-1).json.model, 'of-my-own');
  });

  test('pass the gate as everything else', async () => {
    const headers = { origin: 'https://attacker.example' };
    const response = await send(`${edge.url}/v1/models`, { headers });
    assert.equal(response.statusCode, 403);
    assert.equal((await json(response)).error.code, 'forbidden_origin');
  });
});

test('a stream that is long in coming begins all the same', async () => {
  const provider = await startProvider({ pieces: words, firstDelay: 700 });
  const edge = await startEdge({ provider, limits: { server: { keep_alive: 0.1 } } });
  const response = await send(`${edge.url}/v1/chat/completions`, {
    method: 'POST',
    body: JSON.stringify({ model: 'gpt-4o', messages, stream: true }),
  });
  assert.equal(response.headers['content-type'], 'text/event-stream');
  const body = await text(response);
  assert.match(body, /^: alive\n\n/);
  assert.match(body, /data: \[DONE\]\n\n$/);
  const chunks = await all(
    await clientOf(edge).chat.completions.create({ model: 'gpt-4o', messages, stream: true }),
  );
  assert.equal(textOf(chunks), answer);
  assert.equal(await edge.stop(), 0);
  await provider.stop();
});
