// Research in turns: the npm package against a real edge and the tests' provider.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { binaries, startEdge } from '../support/edge.mjs';
import { startProvider } from '../support/fake-provider.mjs';
import { eventsOf, load } from '../support/package.mjs';
import { byLine, byTool, inTurn, researchTurns } from '../support/research.mjs';

const { createWeir } = await load();

const sources = {
  'src/pool.c':
    '/* Keeps connections for the next request. */\nint pool_take(void) { return 1; }\n',
  'src/timer.c':
    '/* Wakes up when the deadline is there. */\nint timer_arm(int at) { return at; }\n',
  'src/relay.c':
    '/* Hands an answer on to its readers. */\nint relay_read(int id) { return id; }\n',
};

async function* files() {
  for (const [path, text] of Object.entries(sources)) {
    const bytes = Buffer.from(text);
    yield { path, size: bytes.length, bytes: async () => bytes };
  }
}

const question = 'How does an answer reach its readers?';
const request = {
  repo_url: 'https://example.org/me/widgets',
  messages: [{ role: 'user', content: question }],
  research: true,
};

const stagesOf = (events) => events.filter(({ type }) => type === 'stage');
const textOf = (events) => events.map(({ type, text }) => (type === 'delta' ? text : '')).join('');

/** The events of each turn, by its stage. */
function turnsOf(events) {
  const turns = [];
  for (const event of events) {
    if (event.type === 'stage') turns.push([]);
    turns.at(-1).push(event);
  }
  return turns;
}

describe('research', { timeout: 120_000 }, () => {
  let turns = [];
  let folder;
  let provider;
  let edge;
  let weir;
  let pack;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'weir-research-'));
    for (const [path, text] of Object.entries(sources)) {
      mkdirSync(join(folder, 'widgets/src'), { recursive: true });
      writeFileSync(join(folder, 'widgets', path), text);
    }
    mkdirSync(join(folder, 'packs'));
    const made = ['index', join(folder, 'widgets'), '-o', join(folder, 'packs/widgets.weir')];
    execFileSync(join(binaries, 'weir'), made, { stdio: 'pipe' });
    provider = await startProvider((call) => inTurn(turns, call));
    edge = await startEdge({
      provider,
      args: ['--packs', join(folder, 'packs')],
      limits: { recovery: { retries: 0 } },
    });
    weir = await createWeir({ edge: edge.url });
    pack = await weir.index(files(), { repository: 'me/widgets' });
  });
  beforeEach(() => (provider.calls.length = 0));
  after(async () => {
    pack?.close();
    weir?.dispose();
    assert.equal(await edge?.stop(), 0);
    await provider?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  for (const [how, signal] of [
    ['the tool', byTool],
    ['a line', byLine],
  ]) {
    test(`ends by ${how}, each turn with what the one before asked for`, async () => {
      turns = [
        signal('The relay is to be looked at.', { queries: ['pool connections', 'deadline'] }),
        signal('The pool keeps connections [1].', { done: true, queries: ['relay readers'] }),
        { pieces: ['Readers pull', ' from the log.'] },
      ];
      const events = await eventsOf(weir.ask(request, { pack }));
      assert.deepEqual(
        stagesOf(events).map(({ stage, turn, turns: most, queries }) => [
          stage,
          turn,
          most,
          queries,
        ]),
        [
          ['plan', 1, 5, []],
          ['update', 2, 5, ['pool connections', 'deadline']],
          ['conclusion', 3, 5, ['relay readers']],
        ],
      );
      const texts = turnsOf(events).map(textOf);
      assert.deepEqual(
        texts.map((text) => text.trim()),
        [
          'The relay is to be looked at.',
          'The pool keeps connections [1].',
          'Readers pull from the log.',
        ],
      );
      assert.ok(!events.some(({ type }) => type === 'tool_call'), 'the signal is not the asker’s');
      assert.deepEqual(
        events.filter(({ type }) => type === 'done' || type === 'error'),
        [events.at(-1)],
      );
      const ids = events.filter(({ type }) => type === 'accepted').map(({ answer }) => answer);
      assert.equal(new Set(ids).size, 3, 'each turn is an answer of its own');

      const [, update, conclusion] = stagesOf(events);
      assert.deepEqual(
        update.hits.slice(0, 2).map(({ path }) => path),
        ['src/pool.c', 'src/timer.c'],
      );
      assert.ok(update.hits[0].matches.length > 0);
      assert.ok(
        conclusion.hits.some(({ path }) => path === 'src/pool.c'),
        'what was cited',
      );
      const last = JSON.stringify(provider.calls[2].json.messages);
      assert.match(last, /The pool keeps connections \[src\/pool\.c:1-2\]\./);
      assert.match(last, /Looked up for this turn:\\n- relay readers/);
    });
  }

  test('goes on to its limit where no turn says how, and then concludes', async () => {
    turns = Array.from({ length: 9 }, (_, turn) => ({ pieces: [`Text ${turn + 1}.`] }));
    const events = await eventsOf(weir.ask(request, { pack }));
    assert.deepEqual(
      stagesOf(events).map(({ stage }) => stage),
      ['plan', 'update', 'update', 'update', 'conclusion'],
    );
    assert.equal(provider.calls.length, 5);
    assert.equal(events.at(-1).type, 'done');
  });

  test('is searched for by the edge where no pack is named', async () => {
    turns = [byLine('Plan.', { queries: ['deadline'] }), byLine('More.', { done: true }), {}];
    const events = await eventsOf(weir.ask(request));
    const kept = turnsOf(events)[1].find(({ type }) => type === 'accepted').kept;
    assert.equal(kept[0].path, 'src/timer.c');
    assert.ok(stagesOf(events).every(({ hits }) => hits === undefined));
  });

  test('is one turn where no model answers', async () => {
    const events = await eventsOf(weir.ask({ ...request, provider: 'extract' }, { pack }));
    assert.equal(stagesOf(events).length, 1);
    assert.equal(events.at(-1).type, 'done');
    assert.match(textOf(events), /Hands an answer on/);
  });

  test('ends for good when it is stopped in a turn', async () => {
    turns = [byLine('Plan.', { queries: ['pool'] }), { pieces: ['Begun'], hangAfterPieces: true }];
    const stop = new AbortController();
    const events = [];
    for await (const event of weir.ask(request, { pack, signal: stop.signal })) {
      events.push(event);
      if (event.type === 'delta' && event.text === 'Begun') stop.abort();
    }
    assert.equal(events.at(-1).type, 'error');
    assert.equal(events.at(-1).code, 'cancelled');
    assert.equal(stagesOf(events).length, 2);
    const call = await provider.call(1);
    await call.closed;
    assert.ok(call.closedByPeer);
    assert.equal(provider.calls.length, 2);
  });

  test('keeps what was found where the provider fails in a later turn', async () => {
    turns = [
      byLine('Plan.', { queries: ['pool'] }),
      byLine('Found.', { queries: ['timer'] }),
      { status: 500, body: { error: { message: 'broken' } } },
    ];
    const events = await eventsOf(weir.ask(request, { pack }));
    assert.deepEqual(
      stagesOf(events).map(({ stage }) => stage),
      ['plan', 'update', 'update'],
    );
    assert.match(textOf(events), /Plan\.\s+Found\./);
    assert.equal(events.at(-1).type, 'error');
    assert.equal(events.at(-1).provider, 'openai');
  });

  test('is the same research when it is asked again with its key, and calls no model', async () => {
    turns = [byTool('Plan.', { queries: ['pool'] }), byTool('Found.', { done: true }), {}];
    const key = weir.newKey();
    const first = await eventsOf(weir.ask(request, { pack, key }));
    assert.equal(provider.calls.length, 3);
    const again = await createWeir({ edge: edge.url });
    const same = await again.index(files(), { repository: 'me/widgets' });
    const second = await eventsOf(again.ask(request, { pack: same, key }));
    again.dispose();
    assert.equal(provider.calls.length, 3);
    assert.deepEqual(stagesOf(second), stagesOf(first));
    assert.deepEqual(turnsOf(second).map(textOf), turnsOf(first).map(textOf));
  });

  test('asks with the plan’s count of tokens', async () => {
    turns = [{}, {}, {}, {}, {}];
    const [{ hits }, accepted] = await eventsOf(weir.ask(request, { pack }));
    const plan = await weir.plan({ ...request, context: hits });
    assert.equal(accepted.prompt_tokens, plan.prompt_tokens);
  });

  test('says what is wrong with its request', async () => {
    const events = await eventsOf(weir.ask({ ...request, messages: [] }, { pack }));
    assert.equal(events.length, 1);
    assert.equal(events[0].code, 'invalid_request');
    assert.equal(events[0].hint, 'Correct this member of the request and ask again.');
  });

  test('searches for no question that brings its own context, and says so', async () => {
    turns = researchTurns(1);
    const long = { ...request, messages: [{ role: 'user', content: 'word '.repeat(8_100) }] };
    assert.equal(await weir.isSearched(request), true);
    assert.equal(await weir.isSearched(long), false);
    const events = await eventsOf(weir.ask(long, { pack }));
    assert.equal(events.find(({ type }) => type === 'notice').kind, 'no_passages');
    assert.deepEqual(events.find(({ type }) => type === 'accepted').kept, []);
  });
});
