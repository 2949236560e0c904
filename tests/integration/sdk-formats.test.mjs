// The providers' own SDKs beside the edge, both against a server that keeps a record: what they send for the
// same conversation is the same where it counts, and the answers that the tests' provider streams are ones
// that the SDKs read as the edge does.
import { AzureOpenAI, OpenAI } from 'openai';
import Anthropic from '@anthropic-ai/sdk';
import { BedrockRuntimeClient, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import { GoogleGenAI } from '@google/genai';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { SignatureV4 } from '@smithy/signature-v4';
import { Ollama } from 'ollama';
import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { test } from 'node:test';
import { startEdge } from '../support/edge.mjs';
import { startProvider } from '../support/fake-provider.mjs';
import { answerOf, formats } from '../support/provider-formats.mjs';

const key = 'sk-test-secret';
const texts = ['The answer ', 'is 42.'];
const schema = {
  type: 'object',
  properties: { a: { type: 'number' }, b: { type: 'number' } },
  required: ['a', 'b'],
};
const description = 'Multiplies two numbers.';
const factors = { a: 6, b: 7 };

/** The conversation as the edge's clients say it. */
const request = {
  messages: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'What is six times seven?' },
    {
      role: 'assistant',
      content: '',
      tool_calls: [
        { id: 'call_1', type: 'function', function: { name: 'multiply', arguments: JSON.stringify(factors) } },
      ],
    },
    { role: 'tool', tool_call_id: 'call_1', content: '{"product":42}' },
  ],
  tools: [{ type: 'function', function: { name: 'multiply', description, parameters: schema } }],
  max_completion_tokens: 100,
  temperature: 0.5,
  stop: ['END'],
}; // prettier-ignore

const limited = ({ max_completion_tokens, ...rest }) => ({
  ...rest,
  max_tokens: max_completion_tokens,
});

/** What OpenAI's SDK makes of it. */
async function askLikeOpenAi(client, model, body) {
  const stream = await client.chat.completions.create({
    ...body,
    model,
    stream: true,
    stream_options: { include_usage: true },
  });
  const read = { text: '' };
  for await (const chunk of stream) {
    read.text += chunk.choices[0]?.delta.content ?? '';
    read.finish = chunk.choices[0]?.finish_reason ?? read.finish;
    if (chunk.usage) read.usage = [chunk.usage.prompt_tokens, chunk.usage.completion_tokens];
  }
  return read;
}

const openAiLike = (path, model, { body = (all) => all, more = {}, env = {} } = {}) => ({
  model,
  env,
  headers: ['authorization', 'content-type'],
  ask: (url) =>
    askLikeOpenAi(new OpenAI({ baseURL: url + path, apiKey: key }), model, body(request)),
  more,
});

/** By provider: how its SDK is asked, which headers count, and what the edge sends beside (`more`). */
const sdks = {
  openai: openAiLike('/v1', 'gpt-4o'),
  openrouter: openAiLike('/api/v1', 'qwen/qwen3-8b', { body: limited }),
  dashscope: openAiLike('/compatible-mode/v1', 'qwen-max', { body: limited }),
  azure: {
    model: 'gpt-4o',
    env: { AZURE_OPENAI_VERSION: '2024-10-21' },
    headers: ['api-key', 'content-type'],
    ask: (url) =>
      askLikeOpenAi(
        new AzureOpenAI({ endpoint: url, apiKey: key, apiVersion: '2024-10-21' }),
        'gpt-4o',
        limited(request),
      ),
  },
  anthropic: {
    model: 'claude-haiku-4-5',
    headers: ['x-api-key', 'anthropic-version', 'content-type'],
    async ask(url) {
      const stream = new Anthropic({ baseURL: url, apiKey: key }).messages.stream({
        model: 'claude-haiku-4-5',
        system: 'Be brief.',
        messages: [
          { role: 'user', content: 'What is six times seven?' },
          { role: 'assistant', content: [{ type: 'tool_use', id: 'call_1', name: 'multiply', input: factors }] },
          { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'call_1', content: '{"product":42}' }] },
        ],
        tools: [{ name: 'multiply', description, input_schema: schema }],
        max_tokens: 100,
        temperature: 0.5,
        stop_sequences: ['END'],
      }); // prettier-ignore
      const message = await stream.finalMessage();
      return {
        text: message.content.map(({ text }) => text).join(''),
        usage: [message.usage.input_tokens, message.usage.output_tokens],
        finish: { end_turn: 'stop' }[message.stop_reason],
      };
    },
  },
  google: {
    model: 'gemini-2.0-flash',
    headers: ['x-goog-api-key', 'content-type'],
    async ask(url) {
      const client = new GoogleGenAI({ apiKey: key, httpOptions: { baseUrl: url } });
      const stream = await client.models.generateContentStream({
        model: 'gemini-2.0-flash',
        contents: [
          { role: 'user', parts: [{ text: 'What is six times seven?' }] },
          { role: 'model', parts: [{ functionCall: { id: 'call_1', name: 'multiply', args: factors } }] },
          { role: 'user', parts: [{ functionResponse: { id: 'call_1', name: 'multiply', response: { product: 42 } } }] },
        ],
        config: {
          systemInstruction: { parts: [{ text: 'Be brief.' }] },
          tools: [{ functionDeclarations: [{ name: 'multiply', description, parametersJsonSchema: schema }] }],
          maxOutputTokens: 100,
          temperature: 0.5,
          stopSequences: ['END'],
        },
      }); // prettier-ignore
      const read = { text: '' };
      for await (const chunk of stream) {
        read.text += chunk.text ?? '';
        read.finish = { STOP: 'stop' }[chunk.candidates?.[0]?.finishReason] ?? read.finish;
        const counts = chunk.usageMetadata;
        if (counts) read.usage = [counts.promptTokenCount, counts.candidatesTokenCount];
      }
      return read;
    },
  },
  ollama: {
    model: 'llama3.2',
    headers: ['authorization', 'content-type'],
    more: { truncate: false, keep_alive: '15m', options: { num_ctx: 4096 } },
    async ask(url) {
      const client = new Ollama({ host: url, headers: { authorization: `Bearer ${key}` } });
      const stream = await client.chat({
        model: 'llama3.2',
        messages: [
          ...request.messages.slice(0, 2),
          {
            role: 'assistant',
            content: '',
            tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'multiply', arguments: factors } }],
          },
          { role: 'tool', tool_call_id: 'call_1', tool_name: 'multiply', content: '{"product":42}' },
        ],
        tools: request.tools,
        stream: true,
        options: { num_predict: 100, temperature: 0.5, stop: ['END'] },
      }); // prettier-ignore
      const read = { text: '' };
      for await (const part of stream) {
        read.text += part.message.content;
        if (!part.done) continue;
        read.finish = part.done_reason;
        read.usage = [part.prompt_eval_count, part.eval_count];
      }
      return read;
    },
  },
  bedrock: {
    model: 'amazon.nova-lite-v1:0',
    env: { AWS_SESSION_TOKEN: 'session-token' },
    headers: ['content-type', 'x-amz-security-token'],
    async ask(url) {
      const client = new BedrockRuntimeClient({
        region: 'us-east-1',
        endpoint: url,
        credentials: bedrockCredentials,
        requestHandler: new NodeHttpHandler(),
      });
      const { stream } = await client.send(
        new ConverseStreamCommand({
          modelId: 'amazon.nova-lite-v1:0',
          system: [{ text: 'Be brief.' }],
          messages: [
            { role: 'user', content: [{ text: 'What is six times seven?' }] },
            { role: 'assistant', content: [{ toolUse: { toolUseId: 'call_1', name: 'multiply', input: factors } }] },
            { role: 'user', content: [{ toolResult: { toolUseId: 'call_1', content: [{ text: '{"product":42}' }] } }] },
          ],
          toolConfig: { tools: [{ toolSpec: { name: 'multiply', description, inputSchema: { json: schema } } }] },
          inferenceConfig: { maxTokens: 100, temperature: 0.5, stopSequences: ['END'] },
        }),
      ); // prettier-ignore
      const read = { text: '' };
      for await (const { contentBlockDelta, messageStop, metadata } of stream) {
        read.text += contentBlockDelta?.delta?.text ?? '';
        if (messageStop) read.finish = { end_turn: 'stop' }[messageStop.stopReason];
        if (metadata) read.usage = [metadata.usage.inputTokens, metadata.usage.outputTokens];
      }
      client.destroy();
      return read;
    },
  },
};

const bedrockCredentials = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: key,
  sessionToken: 'session-token',
};

/** Both ask a provider that streams the same bytes: the SDK's call and the edge's, and what each reads. */
async function bothAsk(name) {
  const sdk = sdks[name];
  const provider = await startProvider(answerOf(formats[name], texts));
  const url = new URL(provider.baseUrl).origin;
  const edge = await startEdge({ env: { ...formats[name].env(url), ...sdk.env } });
  try {
    const readBySdk = await sdk.ask(url);
    const client = new OpenAI({ baseURL: `${edge.url}/v1`, apiKey: 'any' });
    const readByEdge = await askLikeOpenAi(client, `${name}/${sdk.model}`, request);
    const [sdkCall, edgeCall] = provider.calls;
    return { sdkCall, edgeCall, readBySdk, readByEdge };
  } finally {
    assert.equal(await edge.stop(), 0);
    await provider.stop();
  }
}

const media = (type) => type?.split(';')[0];

/** `more` are members that the edge sends beside; of options, within them. */
function assertSameBody(edgeBody, sdkBody, more = {}) {
  const { options = {}, ...members } = more;
  const expected = { ...sdkBody, ...members };
  if (more.options) expected.options = { ...sdkBody.options, ...options };
  assert.deepEqual(edgeBody, expected);
}

for (const [name, sdk] of Object.entries(sdks)) {
  test(`${name} is asked as its SDK asks, and read as its SDK reads`, async () => {
    const { sdkCall, edgeCall, readBySdk, readByEdge } = await bothAsk(name);
    assert.equal(edgeCall.path, sdkCall.path);
    for (const header of sdk.headers) {
      assert.equal(media(edgeCall.headers[header]), media(sdkCall.headers[header]), header);
    }
    assertSameBody(edgeCall.json, sdkCall.json, sdk.more);
    const expected = { text: texts.join(''), finish: 'stop', usage: [5, 7] };
    assert.deepEqual({ ...readBySdk }, expected);
    assert.deepEqual({ ...readByEdge }, expected);
  });
}

/** The hash that AWS's signer is given, as it wants one. */
class Sha256 {
  constructor(secret) {
    this.hash = secret ? createHmac('sha256', secret) : createHash('sha256');
  }
  update(bytes) {
    this.hash.update(bytes);
  }
  async digest() {
    return new Uint8Array(this.hash.digest());
  }
}

test("bedrock is asked with the signature that AWS's own signer makes", async () => {
  const { edgeCall, sdkCall } = await bothAsk('bedrock');
  const [, scope, names, signature] =
    /^AWS4-HMAC-SHA256 Credential=(\S+), SignedHeaders=(\S+), Signature=(\w+)$/.exec(
      edgeCall.headers.authorization,
    );
  const signedBySdk = /SignedHeaders=([^,]+)/.exec(sdkCall.headers.authorization)[1].split(';');
  for (const each of names.split(';')) assert.ok(signedBySdk.includes(each), each);
  const at = edgeCall.headers['x-amz-date'];
  assert.match(scope, new RegExp(`^AKIDEXAMPLE/${at.slice(0, 8)}/us-east-1/bedrock/aws4_request$`));
  const signer = new SignatureV4({
    service: 'bedrock',
    region: 'us-east-1',
    credentials: bedrockCredentials,
    sha256: Sha256,
    applyChecksum: false,
  });
  const signed = await signer.sign(
    {
      method: 'POST',
      protocol: 'http:',
      hostname: edgeCall.headers.host,
      path: edgeCall.path,
      query: {},
      headers: Object.fromEntries(
        names.split(';').map((header) => [header, edgeCall.headers[header]]),
      ),
      body: edgeCall.body,
    },
    { signingDate: new Date(at.replace(/(....)(..)(..T..)(..)(..Z)/, '$1-$2-$3:$4:$5')) },
  );
  assert.equal(/Signature=(\w+)$/.exec(signed.headers.authorization)[1], signature);
});
