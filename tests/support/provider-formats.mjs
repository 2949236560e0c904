// Each provider's own words over the wire: an answer, and the failures that the edge tells apart. The
// sources of the forms stand in tests/spec/<provider>/.
import { crc32 } from 'node:zlib';

const sse = (data, event) => `${event ? `event: ${event}\n` : ''}data: ${JSON.stringify(data)}\n\n`;
const error = (status, body, headers = {}) => ({ status, body, headers });

function openAiStream(texts) {
  const chunk = (delta, finish_reason = null) => sse({ choices: [{ index: 0, delta, finish_reason }] }); // prettier-ignore
  return {
    type: 'text/event-stream',
    texts: texts.map((content) => chunk({ content })),
    end: [
      chunk({}, 'stop'),
      sse({ choices: [], usage: { prompt_tokens: 5, completion_tokens: 7 } }),
      'data: [DONE]\n\n',
    ],
  };
}

function googleStream(texts) {
  const part = (text) => ({ candidates: [{ content: { parts: [{ text }], role: 'model' }, index: 0 }] }); // prettier-ignore
  const last = {
    candidates: [{ content: { parts: [{ text: '' }] }, finishReason: 'STOP', index: 0 }],
    usageMetadata: { promptTokenCount: 5, candidatesTokenCount: 7 },
  };
  return {
    type: 'text/event-stream',
    texts: texts.map((text) => sse(part(text))),
    end: [sse(last)],
  };
}

function anthropicStream(texts) {
  const event = (data) => sse(data, data.type);
  const delta = (text) => event({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } }); // prettier-ignore
  const message = {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude',
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { input_tokens: 5, output_tokens: 1 },
  };
  return {
    type: 'text/event-stream',
    begin: [
      event({ type: 'message_start', message }),
      event({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }),
      event({ type: 'ping' }),
    ],
    texts: texts.map(delta),
    end: [
      event({ type: 'content_block_stop', index: 0 }),
      event({
        type: 'message_delta',
        delta: { stop_reason: 'end_turn', stop_sequence: null },
        usage: { output_tokens: 7 },
      }),
      event({ type: 'message_stop' }),
    ],
  };
}

function ollamaStream(texts) {
  const line = (value) => `${JSON.stringify(value)}\n`;
  const end = { message: { role: 'assistant', content: '' }, done: true, done_reason: 'stop' };
  return {
    type: 'application/x-ndjson',
    texts: texts.map((content) => line({ message: { role: 'assistant', content }, done: false })),
    end: [line({ ...end, prompt_eval_count: 5, eval_count: 7 })],
  };
}

/** A frame of https://docs.aws.amazon.com/lexv2/latest/dg/event-stream-encoding.html. */
function awsFrame(headers, payload) {
  const parts = Object.entries(headers).map(([name, value]) => {
    const size = Buffer.alloc(2);
    size.writeUInt16BE(value.length);
    return Buffer.concat([Buffer.from([name.length]), Buffer.from(name), Buffer.from([7]), size, Buffer.from(value)]); // prettier-ignore
  });
  const header = Buffer.concat(parts);
  const body = Buffer.from(JSON.stringify(payload));
  const prelude = Buffer.alloc(12);
  prelude.writeUInt32BE(16 + header.length + body.length, 0);
  prelude.writeUInt32BE(header.length, 4);
  prelude.writeUInt32BE(crc32(prelude.subarray(0, 8)), 8);
  const sum = Buffer.alloc(4);
  const all = Buffer.concat([prelude, header, body]);
  sum.writeUInt32BE(crc32(all));
  return Buffer.concat([all, sum]);
}

function bedrockStream(texts) {
  const event = (type, payload) =>
    awsFrame({ ':event-type': type, ':content-type': 'application/json', ':message-type': 'event' }, payload); // prettier-ignore
  return {
    type: 'application/vnd.amazon.eventstream',
    begin: [event('messageStart', { role: 'assistant' })],
    texts: texts.map((text) =>
      event('contentBlockDelta', { contentBlockIndex: 0, delta: { text } }),
    ),
    end: [
      event('messageStop', { stopReason: 'end_turn' }),
      event('metadata', { usage: { inputTokens: 5, outputTokens: 7, totalTokens: 12 } }),
    ],
  };
}

const openAiError = (status, code, message, headers) =>
  error(status, { error: { message, type: 'error', param: null, code } }, headers);
const googleError = (code, status, message, details = []) =>
  error(code, { error: { code, message, status, details } });
const anthropicError = (status, type, message, headers) =>
  error(status, { type: 'error', error: { type, message } }, headers);
const awsError = (status, type, message) =>
  error(status, { message }, { 'x-amzn-errortype': type });

const likeOpenAi = {
  stream: openAiStream,
  auth: openAiError(401, 'invalid_api_key', 'Incorrect API key provided: sk-test-secret.'),
  quota: openAiError(429, 'rate_limit_exceeded', 'Rate limit reached.', { 'retry-after': '7' }),
  missing: openAiError(404, 'model_not_found', 'The model does not exist.'),
  tooLong: openAiError(400, 'context_length_exceeded', 'This is too long.'),
  overloaded: openAiError(503, 'server_error', 'The server is overloaded.'),
};

/** By name: how the edge is told of it, what its stream is, and how it says what went wrong. */
export const formats = {
  openai: {
    ...likeOpenAi,
    env: (url) => ({ OPENAI_BASE_URL: `${url}/v1`, OPENAI_API_KEY: 'sk-test-secret' }),
    path: /^\/v1\/chat\/completions$/,
  },
  google: {
    stream: googleStream,
    env: (url) => ({ GOOGLE_BASE_URL: `${url}/v1beta`, GOOGLE_API_KEY: 'sk-test-secret' }),
    path: /^\/v1beta\/models\/[^/]+:streamGenerateContent\?alt=sse$/,
    auth: googleError(400, 'INVALID_ARGUMENT', 'API key not valid.', [
      { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID' },
    ]),
    quota: googleError(429, 'RESOURCE_EXHAUSTED', 'Quota exceeded.', [
      { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '7s' },
    ]),
    missing: googleError(404, 'NOT_FOUND', 'models/x is not found for API version v1beta, or is not supported for generateContent.'), // prettier-ignore
    tooLong: googleError(400, 'INVALID_ARGUMENT', 'The input token count (3475108) exceeds the maximum number of tokens allowed (1048576).'), // prettier-ignore
    overloaded: googleError(503, 'UNAVAILABLE', 'The model is overloaded.'),
  },
  anthropic: {
    stream: anthropicStream,
    env: (url) => ({ ANTHROPIC_BASE_URL: `${url}/v1`, ANTHROPIC_API_KEY: 'sk-test-secret' }),
    path: /^\/v1\/messages$/,
    auth: anthropicError(401, 'authentication_error', 'invalid x-api-key'),
    quota: anthropicError(429, 'rate_limit_error', 'Too many.', { 'retry-after': '7' }),
    missing: anthropicError(404, 'not_found_error', 'model: x'),
    tooLong: anthropicError(400, 'invalid_request_error', 'prompt is too long: 209652 tokens > 200000 maximum'), // prettier-ignore
    overloaded: anthropicError(529, 'overloaded_error', 'Overloaded'),
  },
  ollama: {
    stream: ollamaStream,
    env: (url) => ({ OLLAMA_HOST: url, OLLAMA_API_KEY: 'sk-test-secret' }),
    path: /^\/api\/chat$/,
    auth: error(401, { error: 'unauthorized' }),
    missing: error(404, { error: "model 'x' not found" }),
    models: {
      raw: {
        type: 'application/json',
        parts: [JSON.stringify({ models: [{ name: 'qwen3:8b' }, { name: 'phi4:latest' }] })],
      },
    },
    tooLong: error(400, { error: 'the prompt is longer than the context length currently available to the model' }), // prettier-ignore
    overloaded: error(503, { error: 'server busy, please try again.' }),
  },
  openrouter: {
    ...likeOpenAi,
    env: (url) => ({ OPENROUTER_BASE_URL: `${url}/api/v1`, OPENROUTER_API_KEY: 'sk-test-secret' }),
    path: /^\/api\/v1\/chat\/completions$/,
    auth: openAiError(401, 401, 'User not found.'),
    quota: openAiError(429, 429, 'Rate limit exceeded.', { 'retry-after': '7' }),
    missing: openAiError(400, 400, 'x is not a valid model ID'),
    tooLong: openAiError(400, 400, "This endpoint's maximum context length is 8192 tokens. However, you requested about 9000 tokens."), // prettier-ignore
    overloaded: openAiError(503, 503, 'Overloaded.'),
  },
  azure: {
    ...likeOpenAi,
    env: (url) => ({ AZURE_OPENAI_ENDPOINT: url, AZURE_OPENAI_API_KEY: 'sk-test-secret' }),
    path: /^\/openai\/deployments\/[^/]+\/chat\/completions\?api-version=[\w-]+$/,
    auth: error(401, { error: { code: '401', message: 'Access denied due to invalid subscription key or wrong API endpoint.' } }), // prettier-ignore
    missing: error(404, { error: { code: 'DeploymentNotFound', message: 'The API deployment for this resource does not exist.' } }), // prettier-ignore
  },
  dashscope: {
    ...likeOpenAi,
    env: (url) => ({ DASHSCOPE_BASE_URL: `${url}/compatible-mode/v1`, DASHSCOPE_API_KEY: 'sk-test-secret' }), // prettier-ignore
    path: /^\/compatible-mode\/v1\/chat\/completions$/,
    tooLong: openAiError(400, 'invalid_parameter_error', 'Range of input length should be [1, 129024]'), // prettier-ignore
  },
  bedrock: {
    stream: bedrockStream,
    env: (url) => ({
      BEDROCK_BASE_URL: url,
      AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'sk-test-secret',
      AWS_REGION: 'us-east-1',
    }),
    path: /^\/model\/[^/]+\/converse-stream$/,
    auth: awsError(403, 'UnrecognizedClientException', 'The security token included in the request is invalid.'), // prettier-ignore
    quota: awsError(
      429,
      'ThrottlingException',
      'Too many requests, please wait before trying again.',
    ),
    missing: awsError(400, 'ValidationException', 'The provided model identifier is invalid.'),
    tooLong: awsError(400, 'ValidationException', 'Input is too long for requested model.'),
    overloaded: awsError(503, 'ServiceUnavailableException', 'The service is unavailable.'),
  },
};

/** What the fake provider does for an answer of these texts; `breaks`: and then the line is cut. */
export function answerOf(format, texts, { breaks = false } = {}) {
  const { type, begin = [], texts: middle, end } = format.stream(texts);
  return { raw: { type, parts: [...begin, ...middle, ...(breaks ? [] : end)] }, breaks };
}
