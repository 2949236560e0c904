// deepwiki-open's pages against the edge: the requests that they send, and the shapes that they read
// (AsyncFuncAI/deepwiki-open: src/utils/websocketClient.ts, src/components/Ask.tsx,
// src/contexts/LanguageContext.tsx, api/api.py).
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { binaries, startEdge } from '../support/edge.mjs';
import { startProvider } from '../support/fake-provider.mjs';
import { json, send, text } from '../support/http-client.mjs';
import { byLine, byTool, inTurn } from '../support/research.mjs';
import { connect } from '../support/websocket.mjs';

const words = ['The answer ', 'is in ', 'the code: ü🦊.'];
const answer = words.join('');

/** What a page sends: filters as one string, members of its own, and no passages. */
function ask(extra = {}) {
  return {
    repo_url: 'https://example.org/acme/widgets',
    type: 'github',
    messages: [{ role: 'user', content: 'Where is the widget frobnicated?', mode: 'normal' }],
    provider: 'openai',
    model: 'gpt-4o',
    language: 'en',
    excluded_dirs: './node_modules/\n./dist/',
    research_iteration: 1,
    ...extra,
  };
}

const post = (edge, path, body, headers = {}) =>
  send(edge.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

const askOverHttp = (edge, body = ask()) => post(edge, '/chat/completions/stream', body);

async function askOverSocket(edge, body = ask()) {
  const socket = await connect(`${edge.url}/ws/chat`, { protocol: '' });
  socket.sendText(typeof body === 'string' ? body : JSON.stringify(body));
  return socket;
}

/** All that a socket brings, and the code of its end. */
async function wholeOf(socket) {
  const messages = [];
  for (let each = await socket.next(); each !== undefined; each = await socket.next()) {
    messages.push(each);
  }
  return { messages, text: messages.join(''), code: await socket.finished() };
}

const wholeOverSocket = async (edge, body) => wholeOf(await askOverSocket(edge, body));

/** A folder with the pack of the repository that is asked about, for as long as the tests run. */
let folder;
let packs;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'weir-deepwiki-'));
  mkdirSync(join(folder, 'widgets/src'), { recursive: true });
  mkdirSync(join(folder, 'packs'));
  writeFileSync(
    join(folder, 'widgets/src/frobnicate.c'),
    '/* Frobnicates the widget until it hums. */\nint frobnicate(int widget) {\n  return widget + 42;\n}\n',
  );
  const pack = join(folder, 'packs/widgets.weir');
  execFileSync(join(binaries, 'weir'), ['index', join(folder, 'widgets'), '-o', pack]);
  packs = ['--packs', join(folder, 'packs')];
});
after(() => rmSync(folder, { recursive: true, force: true }));

describe("deepwiki-open's chat", () => {
  let provider;
  let edge;
  before(async () => {
    provider = await startProvider();
    edge = await startEdge({
      provider,
      args: packs,
      limits: { answer: { linger: 0.3 }, recovery: { retries: 0 } },
    });
  });
  beforeEach(() => (provider.script = { pieces: words }));
  after(async () => {
    assert.equal(await edge?.stop(), 0);
    await provider?.stop();
  });

  test('comes over HTTP as text, each delta as it is said', async () => {
    let goOn;
    provider.script = { pieces: words, pauseAt: 1, goOn: new Promise((done) => (goOn = done)) };
    const response = await askOverHttp(edge);
    assert.equal(response.statusCode, 200);
    assert.equal(response.headers['content-type'], 'text/plain; charset=utf-8');
    assert.equal(response.headers['x-accel-buffering'], 'no');
    assert.match(response.headers['weir-answer'], /^[0-9a-f]{32}$/);
    const chunks = response[Symbol.asyncIterator]();
    assert.equal((await chunks.next()).value.toString(), words[0]);
    goOn();
    let rest = '';
    for await (const chunk of chunks) rest += chunk;
    assert.equal(rest, words.slice(1).join(''));
  });

  test('comes over a WebSocket without a subprotocol, which then closes', async () => {
    let goOn;
    provider.script = { pieces: words, pauseAt: 1, goOn: new Promise((done) => (goOn = done)) };
    const socket = await askOverSocket(edge);
    assert.equal(socket.protocol, undefined);
    assert.equal(await socket.next(), words[0]);
    goOn();
    const rest = await wholeOf(socket);
    assert.equal(rest.text, words.slice(1).join(''));
    assert.equal(rest.code, 1000);
  });

  test('leaves out what is not the answer', async () => {
    const delta = (members) => `data: ${JSON.stringify({ choices: [{ delta: members }] })}\n\n`;
    provider.script = {
      raw: {
        type: 'text/event-stream',
        parts: [
          delta({ reasoning_content: 'Hm.' }),
          delta({ content: 'Yes.' }),
          'data: [DONE]\n\n',
        ],
      },
    };
    assert.equal((await wholeOverSocket(edge)).text, 'Yes.');
  });

  test('begins with a line that says so where the repository is not indexed', async () => {
    const body = ask({ repo_url: 'https://example.org/acme/other' });
    const said = await text(await askOverHttp(edge, body));
    assert.match(said, /^> This server has no index of the repository[^\n]*\n\n/);
    assert.ok(said.endsWith(`\n\n${answer}`));
  });

  test('has the file in its prompt that the question is about', async () => {
    const calls = provider.calls.length;
    await text(await askOverHttp(edge, ask({ filePath: 'src/frobnicate.c' })));
    const prompt = provider.calls[calls].json.messages.at(-1).content;
    assert.match(prompt, /File src\/frobnicate\.c\n\[1\] lines 1-4\n/);
    assert.match(prompt, /return widget \+ 42;/);
    assert.doesNotMatch(prompt, /\[2\]/, 'what lies in it is not sent twice');
  });

  test('ends with a line that says why where the provider fails', async () => {
    provider.script = { status: 401, body: { error: { message: 'no', code: 'invalid_api_key' } } };
    const overHttp = await text(await askOverHttp(edge));
    assert.match(overHttp, /^Error: [^\n]*OPENAI_API_KEY[^\n]*\n$/);
    const overSocket = await wholeOverSocket(edge);
    assert.equal(overSocket.text, overHttp);
    assert.equal(overSocket.code, 1000);
    assert.doesNotMatch(overHttp, /sk-test-secret/);
  });

  test('keeps what was said before it broke off', async () => {
    provider.script = { pieces: words, cutAt: 400 };
    const said = await text(await askOverHttp(edge));
    assert.match(said, /^The answer [^]*\n\nError: [^\n]+\n$/);
  });

  test('says what is wrong with a request', async () => {
    const wrong = ask({ messages: [{ role: 'user', content: 7 }] });
    const response = await askOverHttp(edge, wrong);
    assert.equal(response.statusCode, 400);
    assert.match(await text(response), /^Error: messages\[0\]\.content must be a string\./);
    const overSocket = await wholeOverSocket(edge, wrong);
    assert.match(overSocket.text, /^Error: messages\[0\]\.content must be a string\./);
    assert.equal(overSocket.code, 1000);
    assert.match((await wholeOverSocket(edge, 'no JSON')).text, /^Error: /);
  });

  test('says so where the provider that is asked for is not configured', async () => {
    const response = await askOverHttp(edge, ask({ provider: 'google' }));
    assert.equal(response.statusCode, 200, 'its page shows the text of a 200 alone');
    assert.match(await text(response), /^Error: [^\n]*provider/);
  });

  test('answers one question a socket', async () => {
    provider.script = { pieces: words, betweenDelay: 20 };
    const socket = await askOverSocket(edge);
    assert.equal(await socket.next(), words[0]);
    const calls = provider.calls.length;
    socket.sendText(JSON.stringify(ask()));
    assert.equal((await wholeOf(socket)).text, words.slice(1).join(''));
    assert.equal(provider.calls.length, calls);
  });

  test('stops the provider some time after its reader has left', async () => {
    for (const leave of [
      async () => (await askOverHttp(edge)).abort(),
      async () => (await askOverSocket(edge)).cut(),
      async () => (await askOverSocket(edge)).sendClose(1000),
    ]) {
      provider.script = { pieces: words, hangAfterPieces: true };
      const calls = provider.calls.length;
      await leave();
      const call = await provider.call(calls);
      await call.closed;
      assert.ok(call.closedByPeer);
    }
    assert.equal((await edge.metrics()).readers, 0);
  });

  test('may be followed and goes on as any other answer', async () => {
    provider.script = { pieces: words, betweenDelay: 20 };
    const response = await askOverHttp(edge);
    response.abort();
    const followed = await send(`${edge.url}/v1/answers/${response.headers['weir-answer']}`);
    assert.match(await text(followed), /event: done/);
  });

  test('passes the gate as everything else', async () => {
    const headers = { origin: 'https://attacker.example' };
    assert.equal((await post(edge, '/chat/completions/stream', ask(), headers)).statusCode, 403);
    await assert.rejects(connect(`${edge.url}/ws/chat`, { protocol: '', headers }), {
      status: 403,
    });
    assert.equal((await send(`${edge.url}/ws/chat`)).statusCode, 426);
    assert.equal((await send(`${edge.url}/chat/completions/stream`)).statusCode, 405);
  });
});

describe("deepwiki-open's deep research", () => {
  let turns = [];
  let provider;
  let edge;
  before(async () => {
    provider = await startProvider((call) => inTurn(turns, call));
    edge = await startEdge({ provider, limits: { recovery: { retries: 0 } } });
  });
  beforeEach(() => (provider.calls.length = 0));
  after(async () => {
    assert.equal(await edge?.stop(), 0);
    await provider?.stop();
  });

  /** As the pages go on: until a text has the heading that ends it, and five times at most. */
  async function research(question) {
    const messages = [{ role: 'user', content: `[DEEP RESEARCH] ${question}` }];
    const texts = [];
    while (texts.length < 5 && !texts.at(-1)?.includes('## Final Conclusion')) {
      if (texts.length > 0) {
        messages.push({ role: 'assistant', content: texts.at(-1) });
        messages.push({ role: 'user', content: '[DEEP RESEARCH] Continue the research' });
      }
      texts.push((await wholeOverSocket(edge, ask({ messages, context: [] }))).text);
    }
    return texts;
  }

  test('has its stages in the texts, and ends when the model says so', async () => {
    turns = [
      byLine('The plan.', { queries: ['pool', 'timer'] }),
      byTool('## Summary\nThe pool waits.', { done: true }),
      { pieces: ['All of it.'] },
    ];
    const [plan, update, conclusion, ...more] = await research('Why does it wait?');
    assert.match(plan, /^## Research Plan\n\nThe plan\.\s+## Next Steps\n\n- pool\n- timer\n$/);
    assert.match(update, /^## Research Update 2\n\n## Summary\nThe pool waits\.\s+## Next Steps\n/);
    assert.equal(conclusion, '## Final Conclusion\n\nAll of it.');
    assert.deepEqual(more, []);
    const [first, second, last] = provider.calls.map(({ json }) => json);
    for (const { messages } of [first, second, last]) {
      assert.match(messages.at(-1).content, /Question:\nWhy does it wait\?$/);
      assert.doesNotMatch(JSON.stringify(messages), /DEEP RESEARCH/);
    }
    assert.match(second.messages.at(-1).content, /Looked up for this turn:\n- pool\n- timer\n/);
    assert.equal(first.tools[0].function.name, 'research_next');
    assert.equal(last.tools, undefined);
  });

  test('has a conclusion in the fifth turn at the latest', async () => {
    turns = Array.from({ length: 6 }, (_, turn) => ({ pieces: [`Text ${turn + 1}.`] }));
    const texts = await research('Why?');
    assert.equal(texts.length, 5);
    assert.match(texts[3], /^## Research Update 4\n/);
    assert.equal(texts[4], '## Final Conclusion\n\nText 5.');
  });

  test('ends with what it has where the provider fails', async () => {
    turns = [byLine('The plan.', { queries: ['pool'] }), { status: 500, body: {} }];
    const texts = await research('Why?');
    assert.equal(texts.length, 2);
    assert.match(texts[1], /^## Final Conclusion\n\nError: [^\n]+\n$/);
  });

  test('is one turn where no model answers', async () => {
    const messages = [{ role: 'user', content: '[DEEP RESEARCH] Why?' }];
    const body = ask({ messages, context: [], provider: 'extract', model: '' });
    assert.match(await text(await askOverHttp(edge, body)), /^## Final Conclusion\n\n/);
  });
});

describe("deepwiki-open's sockets", () => {
  test('are kept alive while a model thinks', async () => {
    const provider = await startProvider({ pieces: words, firstDelay: 700 });
    const edge = await startEdge({
      provider,
      args: packs,
      limits: { server: { keep_alive: 0.1 } },
    });
    const socket = await askOverSocket(edge);
    const whole = await wholeOf(socket);
    assert.equal(whole.text, answer);
    assert.ok(socket.pings >= 2, `${socket.pings} pings`);
    assert.equal(await edge.stop(), 0);
    await provider.stop();
  });

  test('end with their answer when the edge goes down', async () => {
    const provider = await startProvider({ pieces: words, betweenDelay: 100 });
    const edge = await startEdge({ provider, args: packs });
    const idle = await connect(`${edge.url}/ws/chat`, { protocol: '' });
    const busy = await askOverSocket(edge);
    await busy.next();
    edge.signal('SIGTERM');
    assert.equal(await idle.finished(), 1001);
    const rest = await wholeOf(busy);
    assert.equal(words[0] + rest.text, answer);
    assert.equal(rest.code, 1000);
    assert.equal(await edge.exited, 0);
    await provider.stop();
  });
});

describe("deepwiki-open's pages", () => {
  let edge;
  before(async () => {
    edge = await startEdge({ args: packs, env: { GOOGLE_API_KEY: 'g-secret' } });
  });
  after(async () => assert.equal(await edge?.stop(), 0));

  test('get passages of the repository that they ask about', async () => {
    const body = ask({ provider: 'extract', model: '' });
    assert.match(await text(await askOverHttp(edge, body)), /frobnicate/);
    const elsewhere = ask({ ...body, repo_url: 'https://example.org/acme/other' });
    assert.doesNotMatch(await text(await askOverHttp(edge, elsewhere)), /src\/frobnicate\.c/);
  });

  test('find the models that can be asked, the default first', async () => {
    const { providers, defaultProvider } = await json(await send(`${edge.url}/models/config`));
    assert.equal(defaultProvider, 'google');
    assert.deepEqual(
      providers.map(({ id, name, supportsCustomModel }) => ({ id, name, supportsCustomModel })),
      [
        { id: 'google', name: 'Google', supportsCustomModel: true },
        { id: 'extract', name: 'Extract', supportsCustomModel: false },
      ],
    );
    const { default: standard } = await json(await send(`${edge.url}/v1/providers`));
    for (const model of providers[0].models) assert.equal(model.name, model.id);
    assert.equal(providers[0].models[0].id, standard.model);
    const ids = providers[0].models.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
  });

  test('find the languages that they have texts for', async () => {
    const config = await json(await send(`${edge.url}/lang/config`));
    assert.equal(config.default, 'en');
    const codes = ['en', 'ja', 'zh', 'zh-tw', 'es', 'kr', 'vi', 'pt-br', 'fr', 'ru'];
    assert.deepEqual(Object.keys(config.supported_languages).sort(), codes.sort());
    assert.equal(config.supported_languages.ja, 'Japanese');
  });

  test('are asked for no code', async () => {
    assert.deepEqual(await json(await send(`${edge.url}/auth/status`)), { auth_required: false });
    const validated = await post(edge, '/auth/validate', { code: 'any' });
    assert.deepEqual(await json(validated), { success: true });
  });

  test('are told that the edge is well', async () => {
    const health = await json(await send(`${edge.url}/health`));
    assert.equal(health.status, 'healthy');
    assert.ok(Math.abs(Date.parse(health.timestamp) - Date.now()) < 10_000, health.timestamp);
  });
});
