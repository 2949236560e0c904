// The npm package's ask: against a real edge, and composed in place where there is none.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startEdge } from '../support/edge.mjs';
import { startProvider } from '../support/fake-provider.mjs';
import { textOf } from '../support/http-client.mjs';
import { eventsOf, load } from '../support/package.mjs';

const { createWeir } = await load();

const request = {
  repo_url: 'https://example.org/me/widgets',
  messages: [{ role: 'user', content: 'How is a widget frobnicated? 🎉' }],
  context: [
    {
      path: 'src/frobnicate.c',
      start_line: 1,
      end_line: 3,
      text: '/* Frobnicates the widget. */\nint frobnicate(int widget) {\n  return widget + 42;',
    },
    { path: 'README.md', start_line: 1, end_line: 1, text: '# Größe 検索 🦀 widgets' },
  ],
};

const types = (events) => [...new Set(events.map(({ type }) => type))];

function assertCursorsGrow(events) {
  const cursors = events.map(({ cursor }) => cursor).filter((cursor) => cursor !== undefined);
  for (let at = 1; at < cursors.length; at += 1) assert.ok(cursors[at] > cursors[at - 1]);
}

describe('an ask without an edge', () => {
  let weir;
  before(async () => (weir = await createWeir()));
  after(() => weir.dispose());

  test('is answered from the passages, with citations', async () => {
    const events = await eventsOf(weir.ask(request));
    assert.equal(events[0].type, 'accepted');
    assert.equal(events[0].provider, 'extract');
    assert.equal(events[0].kept.length, 2);
    assert.match(textOf(events), /frobnicate\(int widget\)/);
    assert.match(textOf(events), /\[1\]/);
    assert.equal(events.at(-1).type, 'done');
    assertCursorsGrow(events);
    assert.equal(weir.status, 'offline');
  });

  test('accepts as many tokens as the plan says', async () => {
    const plan = await weir.plan(request);
    const [accepted] = await eventsOf(weir.ask(request));
    assert.equal(accepted.prompt_tokens, plan.prompt_tokens);
    assert.deepEqual(accepted.kept, plan.kept);
  });

  test('finds passages in the open pack of that name where it brings none', async () => {
    async function* files() {
      const bytes = Buffer.from('int frobnicate(int widget) {\n  return widget + 42;\n}\n');
      yield { path: 'f.c', size: bytes.length, bytes: async () => bytes };
    }
    const pack = await weir.index(files(), { repository: 'me/widgets' });
    const { context: _, ...bare } = request;
    const [accepted] = await eventsOf(weir.ask(bare));
    assert.deepEqual(accepted.kept, [{ path: 'f.c', start_line: 1, end_line: 3 }]);
    pack.close();
  });

  test('says so where another provider was asked for', async () => {
    const events = await eventsOf(weir.ask({ ...request, provider: 'openai', model: 'gpt-4o' }));
    assert.equal(events[0].type, 'accepted');
    assert.equal(events[1].kind, 'provider_switched');
    assert.equal(events.at(-1).type, 'done');
  });

  test('lists extract alone', async () => {
    const { configured, default: chosen, providers } = await weir.providers();
    assert.equal(configured, false);
    assert.equal(chosen.provider, 'extract');
    assert.deepEqual(
      providers.map(({ name }) => name),
      ['extract'],
    );
  });

  test('ends with error{cancelled} where the signal is aborted', async () => {
    const events = await eventsOf(weir.ask(request, { signal: AbortSignal.abort() }));
    assert.equal(events.length, 1);
    assert.equal(events[0].type, 'error');
    assert.equal(events[0].code, 'cancelled');
  });

  test('ends with error{invalid_request} that names the field', async () => {
    const events = await eventsOf(weir.ask({ repo_url: 'x', messages: [{ role: 'user' }] }));
    assert.equal(events.at(-1).code, 'invalid_request');
    assert.match(events.at(-1).message, /messages\[0\]\.content/);
  });

  test('ends quietly where its reader leaves', async () => {
    for await (const event of weir.ask(request)) {
      if (event.type === 'delta') break;
    }
    assert.equal((await eventsOf(weir.ask(request))).at(-1).type, 'done');
  });
});

describe('an ask whose edge cannot be reached', () => {
  test('is answered here, and says so', { timeout: 60_000 }, async () => {
    const seen = [];
    const weir = await createWeir({
      edge: 'http://127.0.0.1:9/',
      onStatus: (status) => seen.push(status),
    });
    const events = await eventsOf(weir.ask({ ...request, provider: 'openai' }));
    assert.deepEqual(types(events), ['accepted', 'notice', 'delta', 'done']);
    assert.equal(events[1].kind, 'provider_switched');
    assert.equal(seen.at(-1), 'offline');
    assert.equal((await weir.providers()).configured, false);
    weir.dispose();
  });
});

describe('an ask over an edge', { timeout: 120_000 }, () => {
  let script = {};
  let provider;
  let edge;
  let weir;
  before(async () => {
    provider = await startProvider(() => script);
    edge = await startEdge({ provider });
    weir = await createWeir({ edge: edge.url });
  });
  after(async () => {
    weir.dispose();
    await edge.stop();
    await provider.stop();
  });

  test('yields the provider’s answer, each event once and in order', async () => {
    script = { pieces: ['Wid', 'gets ', '🎉 ', 'größer [1].'], splitEvery: 3 };
    const events = await eventsOf(weir.ask(request));
    assert.equal(events[0].type, 'accepted');
    assert.match(events[0].answer, /^[0-9a-f]{32}$/);
    assert.equal(textOf(events), 'Widgets 🎉 größer [1].');
    assert.equal(events.at(-1).type, 'done');
    assertCursorsGrow(events);
    assert.equal(weir.status, 'http');
  });

  test('is counted by the plan exactly as by the edge, for each model', async () => {
    script = {};
    const { configured, providers } = await weir.providers();
    assert.equal(configured, true);
    const openai = providers.find(({ name }) => name === 'openai');
    const chosen = ['', 'gpt-4o', 'gpt-4', 'gpt-3.5-turbo', 'some-model-of-mine'];
    assert.ok(openai.models.some(({ id }) => id === 'gpt-4o'));
    for (const model of chosen) {
      const asked = model ? { ...request, provider: 'openai', model } : request;
      const plan = await weir.plan(asked);
      const [accepted] = await eventsOf(weir.ask(asked));
      for (const member of [
        'provider',
        'model',
        'prompt_tokens',
        'context_tokens',
        'exact',
        'kept',
      ]) {
        assert.deepEqual(accepted[member], plan[member], `${model} ${member}`);
      }
    }
  });

  test('drops the same passages as the plan where they do not fit', async () => {
    const text = 'lorem ipsum dolor sit amet '.repeat(400);
    const context = Array.from({ length: 12 }, (_, at) => ({
      path: `f${at}.txt`,
      start_line: 1,
      end_line: 1,
      text,
    }));
    const asked = { ...request, context, provider: 'openai', model: 'gpt-4' };
    const plan = await weir.plan(asked);
    const [accepted] = await eventsOf(weir.ask(asked));
    assert.ok(plan.dropped.length > 0);
    assert.deepEqual(accepted.dropped, plan.dropped);
    assert.equal(accepted.prompt_tokens, plan.prompt_tokens);
  });

  test('stops at the provider when it is aborted', async () => {
    script = { hangAfterPieces: true };
    const before = provider.calls.length;
    const stop = new AbortController();
    const events = [];
    for await (const event of weir.ask(request, { signal: stop.signal })) {
      events.push(event);
      if (event.type === 'delta') stop.abort();
    }
    assert.equal(events.at(-1).type, 'error');
    assert.equal(events.at(-1).code, 'cancelled');
    const call = await provider.call(before);
    await call.closed;
    assert.equal(call.closedByPeer, true);
  });

  test('stops at the provider when its reader leaves', async () => {
    script = { hangAfterPieces: true };
    const before = provider.calls.length;
    for await (const event of weir.ask(request)) {
      if (event.type === 'delta') break;
    }
    const call = await provider.call(before);
    await call.closed;
    assert.equal(call.closedByPeer, true);
  });

  test('ends with the provider’s refusal as a typed event', async () => {
    script = { status: 401, body: { error: { message: 'no', type: 'invalid_request_error' } } };
    const last = (await eventsOf(weir.ask(request))).at(-1);
    assert.equal(last.type, 'error');
    assert.equal(last.code, 'provider_auth');
  });
});
