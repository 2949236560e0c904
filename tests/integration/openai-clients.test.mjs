// Clients of OpenAI's interface other than its own SDK, as they are: the AI SDK and LangChain.
import { createOpenAI } from '@ai-sdk/openai';
import { AIMessage, HumanMessage, ToolMessage } from '@langchain/core/messages';
import { ChatOpenAI, OpenAIEmbeddings } from '@langchain/openai';
import {
  APICallError,
  embedMany,
  generateText,
  jsonSchema,
  stepCountIs,
  streamText,
  tool,
} from 'ai';
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startEdge } from '../support/edge.mjs';
import { startProvider } from '../support/fake-provider.mjs';

const words = ['The answer ', 'is 42.'];
const answer = words.join('');
const parameters = {
  type: 'object',
  properties: { a: { type: 'number' }, b: { type: 'number' } },
  required: ['a', 'b'],
  additionalProperties: false,
};
const description = 'Multiplies two numbers.';

const event = (members) => `data: ${JSON.stringify(members)}\n\n`;
const delta = (members, finish = null) =>
  event({ choices: [{ index: 0, delta: members, finish_reason: finish }] });
const callOfTool = {
  raw: {
    type: 'text/event-stream',
    parts: [
      delta({ tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: { name: 'multiply', arguments: '' } }] }),
      delta({ tool_calls: [{ index: 0, function: { arguments: '{"a":6,' } }] }),
      delta({ tool_calls: [{ index: 0, function: { arguments: '"b":7}' } }] }),
      delta({}, 'tool_calls'),
      'data: [DONE]\n\n',
    ],
  },
}; // prettier-ignore

/** Asked with a tool it calls it; asked with the result it answers. */
const withTools = (call) =>
  call.json.messages.at(-1).role === 'tool' ? { pieces: words } : callOfTool;

const embeddings = (call) => ({
  json: {
    data: call.json.input.map((text, index) => ({ index, embedding: [text.length, 0.5] })),
    usage: { prompt_tokens: 3, total_tokens: 3 },
  },
});

const refused = { status: 401, body: { error: { message: 'no', code: 'invalid_api_key' } } };

/** What the provider was told of the call and its result. */
function assertToolsWentThrough({ json }) {
  assert.equal(json.tools[0].function.name, 'multiply');
  assert.equal(json.tools[0].function.description, description);
  assert.deepEqual(json.tools[0].function.parameters.properties, parameters.properties);
  const [called, result] = json.messages.slice(-2);
  assert.equal(called.tool_calls[0].function.name, 'multiply');
  assert.deepEqual(JSON.parse(called.tool_calls[0].function.arguments), { a: 6, b: 7 });
  assert.equal(called.tool_calls[0].id, result.tool_call_id);
  assert.equal(result.content, '42');
}

let provider;
let edge;
before(async () => {
  provider = await startProvider();
  edge = await startEdge({ provider, limits: { recovery: { retries: 0 } } });
});
after(async () => {
  assert.equal(await edge?.stop(), 0);
  await provider?.stop();
});

describe('the AI SDK', () => {
  const openai = () => createOpenAI({ baseURL: `${edge.url}/v1`, apiKey: 'not-looked-at' });
  const model = () => openai().chat('gpt-4o');
  const multiply = tool({
    description,
    inputSchema: jsonSchema(parameters),
    execute: async ({ a, b }) => a * b,
  });
  const options = { prompt: 'What is six times seven?', maxRetries: 0 };

  test('asks', async () => {
    provider.script = { pieces: words };
    const { text, usage, finishReason } = await generateText({
      model: model(),
      system: 'Be brief.',
      temperature: 0.5,
      maxOutputTokens: 50,
      ...options,
    });
    assert.equal(text, answer);
    assert.equal(finishReason, 'stop');
    assert.deepEqual([usage.inputTokens, usage.outputTokens], [11, 7]);
    const { json } = provider.calls.at(-1);
    assert.equal(json.messages[0].content, 'Be brief.');
    assert.equal(json.temperature, 0.5);
    assert.equal(json.max_completion_tokens, 50);
  });

  test('streams', async () => {
    provider.script = { pieces: words };
    const result = streamText({ model: model(), ...options });
    const texts = [];
    for await (const text of result.textStream) texts.push(text);
    assert.equal(texts.join(''), answer);
    assert.equal((await result.usage).totalTokens, 18);
  });

  test('calls tools, streamed and not', async () => {
    provider.script = withTools;
    const withTool = () => ({
      model: model(),
      tools: { multiply },
      stopWhen: stepCountIs(3),
      ...options,
    });
    assert.equal((await generateText(withTool())).text, answer);
    assertToolsWentThrough(provider.calls.at(-1));
    assert.equal(await streamText(withTool()).text, answer);
    assertToolsWentThrough(provider.calls.at(-1));
  });

  test('embeds', async () => {
    provider.script = embeddings;
    const { embeddings: vectors, usage } = await embedMany({
      model: openai().embedding('text-embedding-3-small'),
      values: ['one', 'three'],
      maxRetries: 0,
    });
    assert.deepEqual(vectors, [
      [3, 0.5],
      [5, 0.5],
    ]);
    assert.equal(usage.tokens, 3);
  });

  test('knows the errors', async () => {
    provider.script = refused;
    const error = await generateText({ model: model(), ...options }).catch((failure) => failure);
    assert.ok(APICallError.isInstance(error), String(error));
    assert.equal(error.statusCode, 401);
    assert.equal(error.isRetryable, false);
    assert.match(error.message, /OPENAI_API_KEY/);
  });
});

describe('LangChain', () => {
  const options = () => ({
    apiKey: 'not-looked-at',
    maxRetries: 0,
    configuration: { baseURL: `${edge.url}/v1` },
  });
  const chat = (more = {}) => new ChatOpenAI({ model: 'gpt-4o', ...options(), ...more });
  const question = new HumanMessage('What is six times seven?');

  test('asks', async () => {
    provider.script = { pieces: words };
    const message = await chat({ temperature: 0.5, maxTokens: 50 }).invoke([question]);
    assert.equal(message.content, answer);
    assert.equal(message.usage_metadata.total_tokens, 18);
    const { json } = provider.calls.at(-1);
    assert.equal(json.temperature, 0.5);
    assert.equal(json.max_completion_tokens, 50);
  });

  test('streams', async () => {
    provider.script = { pieces: words };
    let text = '';
    let usage;
    for await (const chunk of await chat().stream([question])) {
      text += chunk.content;
      usage = chunk.usage_metadata ?? usage;
    }
    assert.equal(text, answer);
    assert.equal(usage.output_tokens, 7);
  });

  test('calls tools', async () => {
    provider.script = withTools;
    const model = chat().bindTools([
      { type: 'function', function: { name: 'multiply', description, parameters } },
    ]);
    const called = await model.invoke([question]);
    assert.deepEqual(called.tool_calls[0].args, { a: 6, b: 7 });
    const result = new ToolMessage({ content: '42', tool_call_id: called.tool_calls[0].id });
    const message = await model.invoke([
      question,
      new AIMessage({ content: '', tool_calls: called.tool_calls }),
      result,
    ]);
    assert.equal(message.content, answer);
    assertToolsWentThrough(provider.calls.at(-1));
  });

  test('embeds', async () => {
    provider.script = embeddings;
    const model = new OpenAIEmbeddings({ model: 'text-embedding-3-small', ...options() });
    assert.deepEqual(await model.embedDocuments(['one', 'three']), [
      [3, 0.5],
      [5, 0.5],
    ]);
    assert.deepEqual(await model.embedQuery('one'), [3, 0.5]);
  });

  test('knows the errors', async () => {
    provider.script = refused;
    const error = await chat()
      .invoke([question])
      .catch((failure) => failure);
    assert.equal(error.status, 401);
    assert.equal(error.code, 'invalid_api_key');
  });
});
