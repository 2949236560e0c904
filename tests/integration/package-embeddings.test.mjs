// Packs that carry embeddings, in the npm package and at the edge: questions are embedded through the
// edge, and where that fails what works offline finds the same as ever.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { binaries, startEdge } from '../support/edge.mjs';
import { DIMENSIONS, embeddings } from '../support/fake-embeddings.mjs';
import { startProvider } from '../support/fake-provider.mjs';
import { send, text } from '../support/http-client.mjs';
import { eventsOf, load } from '../support/package.mjs';

const { createWeir } = await load();
const SPACE = {
  provider: 'openai',
  model: 'text-embedding-3-small',
  dimensions: DIMENSIONS,
  shortened: false,
};
const QUESTION = 'keel of the depth';

let place, provider, edge;
const isEmbedding = (call) => call.path.endsWith('/embeddings');
const embedded = () => provider.calls.filter(isEmbedding).flatMap((call) => call.json.input);
const answering = (call) => (isEmbedding(call) ? embeddings(call) : {});
const env = () => ({
  PATH: process.env.PATH,
  ASAN_OPTIONS: process.env.ASAN_OPTIONS,
  OPENAI_API_KEY: 'sk-test',
  OPENAI_BASE_URL: provider.baseUrl,
});
const weirCommand = async (...args) =>
  (await promisify(execFile)(join(binaries, 'weir'), args, { env: env() })).stdout;
const packFile = (name) => join(place, 'packs', `${name}.weir`);
const brief = (hits) =>
  hits.map(({ path, start_line, end_line, score }) => ({ path, start_line, end_line, score }));
/** What the command finds. */
const expected = async (...options) => {
  const out = await weirCommand('search', packFile('boats'), QUESTION, '--json', ...options);
  return brief(JSON.parse(out).hits);
};

before(async () => {
  place = mkdtempSync(join(tmpdir(), 'weir-package-embed-'));
  mkdirSync(join(place, 'boats'));
  mkdirSync(join(place, 'packs'));
  for (let i = 0; i < 40; i++) {
    const body = `int keel_${i}(int depth) {\n  return depth + ${i * i};\n}\n`;
    writeFileSync(join(place, 'boats', `keel${i}.c`), body);
  }
  provider = await startProvider(answering);
  const index = (name, ...options) =>
    weirCommand('index', join(place, 'boats'), '-o', packFile(name), ...options);
  await index('boats', '--repository', 'github.com/harbour/boats', '--embed', 'openai:text-embedding-3-small', '--yes'); // prettier-ignore
  await index('shorter', '--embed', 'openai:text-embedding-3-small', '--embed-dimensions', '8', '--yes'); // prettier-ignore
  await index('plain');
  edge = await startEdge({ provider, args: ['--packs', join(place, 'packs')] });
});
beforeEach(() => {
  provider.script = answering;
  provider.calls.length = 0;
});
after(async () => {
  assert.equal(await edge?.stop(), 0);
  await provider?.stop();
  rmSync(place, { recursive: true });
});

async function withWeir(options, work) {
  const weir = await createWeir({ edge: edge.url, ...options });
  try {
    const pack = await weir.openPack(readFileSync(packFile('boats')));
    await work(pack, weir);
  } finally {
    weir.dispose();
  }
}

describe('the npm package with a pack that carries embeddings', () => {
  test('finds what the command finds, and embeds a question once', async () => {
    await withWeir({}, async (pack) => {
      assert.deepEqual(pack.info.embeddings, SPACE);
      const hits = await pack.search(QUESTION);
      assert.equal(hits.meaning, 'provider');
      assert.deepEqual(embedded(), [QUESTION]);
      assert.deepEqual(brief(await pack.search(QUESTION, { limit: 5 })), brief(hits).slice(0, 5));
      assert.deepEqual(embedded(), [QUESTION]);
      assert.deepEqual(brief(hits), await expected());
    });
  });

  test('keeps questions here where it is told to, or has no edge', async () => {
    for (const options of [{ embedQuestions: false }, { edge: null }]) {
      await withWeir(options, async (pack) => {
        const hits = await pack.search(QUESTION);
        assert.equal(hits.meaning, 'built-in');
        assert.deepEqual(brief(hits), await expected('--offline'));
      });
    }
    assert.deepEqual(embedded(), []);
  });

  test('finds what works offline where the edge cannot be asked', async () => {
    const offline = await expected('--offline');
    const failing = [{ status: 500, body: {} }, { json: { data: [{ index: 0, embedding: [1] }] } }];
    for (const script of failing) {
      provider.script = script;
      await withWeir({}, async (pack) => {
        const hits = await pack.search(QUESTION);
        assert.equal(hits.meaning, 'built-in');
        assert.deepEqual(brief(hits), offline);
      });
    }
    await withWeir({ edge: 'http://127.0.0.1:1/' }, async (pack) => {
      assert.deepEqual(brief(await pack.search(QUESTION)), offline);
    });
  });

  test('waits no longer than a moment, and once', async () => {
    provider.script = { hang: true };
    await withWeir({}, async (pack) => {
      const began = performance.now();
      assert.equal((await pack.search(QUESTION)).meaning, 'built-in');
      const first = performance.now() - began;
      assert.ok(first > 1400 && first < 4000, `${first} ms`);
      assert.equal((await pack.search('another question')).meaning, 'built-in');
      assert.ok(performance.now() - began - first < 1000);
    });
  });

  test('ends where it is aborted', async () => {
    provider.script = { hang: true };
    await withWeir({}, async (pack) => {
      const ending = new AbortController();
      const search = pack.search(QUESTION, { signal: ending.signal });
      setTimeout(() => ending.abort(), 100);
      await assert.rejects(search, { code: 'cancelled' });
    });
  });

  test('asks several packs, each in its own space', async () => {
    await withWeir({}, async (pack, weir) => {
      const others = await Promise.all(
        ['shorter', 'plain'].map((name) => weir.openPack(readFileSync(packFile(name)))),
      );
      assert.equal((await weir.search([others[1]], QUESTION)).meaning, 'built-in');
      assert.deepEqual(embedded(), []);
      const hits = await weir.search([pack, ...others], QUESTION, { limit: 200 });
      assert.equal(hits.meaning, 'provider');
      assert.deepEqual(provider.calls.map((call) => call.json.dimensions).sort(), [8, undefined]);
      assert.deepEqual(new Set(hits.map((hit) => hit.pack)), new Set([0, 1, 2]));
    });
  });
});

describe('an edge with a pack that carries embeddings', () => {
  /** An ask that leaves it to the edge to search. */
  const ask = async (weir, question) => {
    const messages = [{ role: 'user', content: question }];
    const repo_url = 'https://github.com/harbour/boats';
    const events = await eventsOf(weir.ask({ repo_url, messages, no_cache: true }));
    const accepted = events.find(({ type }) => type === 'accepted');
    return { kept: accepted.kept, last: events.at(-1).type };
  };
  const refs = (hits) =>
    hits.map(({ path, start_line, end_line }) => ({ path, start_line, end_line }));
  const chats = () => provider.calls.filter((call) => !isEmbedding(call));

  test('embeds the question, counts that, and searches with it', async () => {
    await withWeir({}, async (_, weir) => {
      const { kept, last } = await ask(weir, QUESTION);
      assert.equal(last, 'done');
      assert.deepEqual(embedded(), [QUESTION]);
      assert.equal(chats().length, 1);
      const found = JSON.parse(
        await weirCommand('search', packFile('boats'), QUESTION, '--json', '-k', '40'),
      ).hits;
      assert.deepEqual(kept, refs(found).slice(0, kept.length));
    });
    const metrics = await text(await send(`${edge.url}/metrics`));
    assert.match(metrics, /gen_ai_operation_name="embeddings"/);
  });

  test('answers where it cannot', async () => {
    const offline = refs(await expected('--offline'));
    for (const failing of [{ status: 500, body: {} }, { hang: true }]) {
      provider.script = (call) => (isEmbedding(call) ? failing : {});
      await withWeir({}, async (_, weir) => {
        const { kept, last } = await ask(weir, QUESTION);
        assert.equal(last, 'done');
        assert.deepEqual(kept.slice(0, 5), offline.slice(0, 5));
      });
    }
    assert.equal(chats().length, 2);
  });
});
