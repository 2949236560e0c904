// `weir index --embed` and `weir search` against a provider over loopback: what is told and agreed to,
// what is paid for, and never twice.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { binaries, startEdge } from '../support/edge.mjs';
import { DIMENSIONS, embeddings } from '../support/fake-embeddings.mjs';
import { startProvider } from '../support/fake-provider.mjs';

const MODEL = 'openai:text-embedding-3-small';
const SECRET = 'sk-embed-secret';

describe('a pack with embeddings', () => {
  let place, folder, pack, provider;

  const write = (path, text) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  const environment = () => ({
    PATH: process.env.PATH,
    ASAN_OPTIONS: process.env.ASAN_OPTIONS,
    OPENAI_API_KEY: SECRET,
    OPENAI_BASE_URL: provider.baseUrl,
  });
  function start(args, { env = environment(), input = '' } = {}) {
    const child = spawn(join(binaries, 'weir'), args, { env });
    child.out = '';
    child.errors = '';
    child.stdout.setEncoding('utf8').on('data', (text) => (child.out += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (child.errors += text));
    child.stdin.on('error', () => {}).end(input);
    child.ended = new Promise((done) =>
      child.on('close', (code, signal) =>
        done({ code: signal ?? code, out: child.out, errors: child.errors }),
      ),
    );
    return child;
  }
  const weir = (args, options) => start(args, options).ended;
  const index = (...options) => weir(['index', folder, '-o', pack, '--embed', MODEL, ...options]);
  const texts = () => provider.calls.flatMap((call) => call.json.input);
  const remains = () => `${pack}.embeddings`;

  before(async () => {
    place = mkdtempSync(join(tmpdir(), 'weir-embed-'));
    provider = await startProvider();
  });
  beforeEach(() => {
    rmSync(place, { recursive: true });
    folder = join(place, 'boats');
    pack = join(place, 'boats.weir');
    for (let i = 0; i < 300; i++) {
      write(`src/part${i % 7}/keel${i}.c`, `int keel_${i}(int depth) {\n  return ${i};\n}\n`);
    }
    provider.script = embeddings;
    provider.calls.length = 0;
  });
  after(async () => {
    await provider.stop();
    rmSync(place, { recursive: true });
  });

  test('is told the price of, and made only where that is agreed to', async () => {
    const refused = await index();
    assert.equal(refused.code, 3, refused.errors);
    assert.match(
      refused.errors,
      /300 chunks to embed of 300, [\d,]+ tokens, 3 calls, 0\.\d+ USD\n.*Add --yes/s,
    );
    assert.equal(provider.calls.length, 0);
    assert.ok(!existsSync(pack) && !existsSync(remains()));

    const made = await index('--yes');
    assert.equal(made.code, 0, made.errors);
    assert.equal(provider.calls.length, 3);
    assert.equal(new Set(texts()).size, 300);
    assert.equal(provider.calls[0].headers.authorization, `Bearer ${SECRET}`);
    const { out } = await weir(['inspect', pack]);
    assert.match(out, new RegExp(`^embeddings  ${MODEL}, ${DIMENSIONS} dimensions$`, 'm'));
    assert.match(out, /^ 9 embeddings/m);
  });

  test('pays for what changed alone', async () => {
    assert.equal((await index('--yes')).code, 0);
    const first = readFileSync(pack);
    provider.calls.length = 0;
    const same = await index();
    assert.equal(same.code, 0, same.errors);
    assert.match(same.errors, /all 300 chunks are embedded already/);
    assert.equal(provider.calls.length, 0);
    assert.deepEqual(readFileSync(pack), first);

    write('src/part3/keel3.c', 'int mast(void) { return 1; }\n');
    assert.equal((await index('--yes')).code, 0);
    assert.deepEqual(texts(), ['src/part3/keel3.c\nint mast(void) { return 1; }\n'.trimEnd()]);
    provider.calls.length = 0;
    assert.equal((await index('--yes', '--embed-dimensions', '8')).code, 0);
    assert.equal(texts().length, 300);
    assert.equal(provider.calls[0].json.dimensions, 8);
  });

  test('killed in the middle, pays for the rest alone', async () => {
    const answered = [];
    let calls = 0;
    provider.script = (call) => {
      if (++calls > 2) return { hang: true };
      answered.push(...call.json.input);
      return embeddings(call);
    };
    const child = start(['index', folder, '-o', pack, '--embed', MODEL, '--yes']);
    await provider.call(2);
    const paid = () => (existsSync(remains()) ? statSync(remains()).size : 0);
    for (let last = -1; paid() !== last || last < answered.length * DIMENSIONS;) {
      last = paid();
      await new Promise((done) => setTimeout(done, 100));
    }
    child.kill('SIGKILL');
    assert.equal((await child.ended).code, 'SIGKILL');
    assert.ok(!existsSync(pack));

    provider.calls.length = 0;
    provider.script = embeddings;
    const resumed = await index('--yes');
    assert.equal(resumed.code, 0, resumed.errors);
    assert.equal(answered.length + texts().length, 300);
    assert.equal(new Set([...answered, ...texts()]).size, 300);
  });

  test('cuts off what is damaged of the embeddings it keeps', async () => {
    assert.equal((await index('--yes')).code, 0);
    const whole = readFileSync(pack);
    const { size } = statSync(remains());
    provider.calls.length = 0;
    truncateSync(remains(), size - 5);
    const mended = await index('--yes');
    assert.equal(mended.code, 0, mended.errors);
    assert.match(mended.errors, /damaged bytes at its end are cut off/);
    assert.equal(texts().length, 1);
    appendFileSync(remains(), 'rubbish');
    const again = await index('--yes');
    assert.match(again.errors, /7 damaged bytes/);
    assert.equal(statSync(remains()).size, size);
    assert.deepEqual(readFileSync(pack), whole);

    writeFileSync(remains(), 'A diary, which nobody has asked to be written over.');
    const foreign = await index('--yes');
    assert.equal(foreign.code, 1);
    assert.match(foreign.errors, /holds no embeddings/);
  });

  test('waits where the provider says how long', async () => {
    let calls = 0;
    provider.script = (call) =>
      ++calls === 1 ? { status: 429, headers: { 'retry-after': '1' }, body: {} } : embeddings(call);
    const began = performance.now();
    const made = await index('--yes');
    assert.equal(made.code, 0, made.errors);
    assert.ok(performance.now() - began > 1000);
    assert.match(made.errors, /limits how often it may be asked.* Going on in 1 s/);
    assert.equal(provider.calls.length, 4);
  });

  test('says what is wrong, without the key', async () => {
    const withVector = (vector) => (call) => ({
      json: { data: call.json.input.map((_, i) => ({ index: i, embedding: vector(i) })) },
    });
    const cases = [
      [withVector((i) => Array(i === 5 ? 2 : 3).fill(1)), /gave vectors of 2 dimensions/],
      [withVector(() => [1, 1e39]), /no finite number/],
      [
        { status: 401, body: { error: { message: `bad ${SECRET}`, code: 'invalid_api_key' } } },
        /refused the key/,
      ],
      [
        { status: 404, body: { error: { message: 'x', code: 'model_not_found' } } },
        /does not have the model/,
      ],
      [
        { status: 429, body: { error: { message: 'x', code: 'insufficient_quota' } } },
        /quota or credit/,
      ],
    ];
    for (const [script, expected] of cases) {
      provider.script = script;
      const failed = await index('--yes');
      assert.equal(failed.code, 1, failed.errors);
      assert.match(failed.errors, expected);
      assert.match(failed.errors, /0 of 300 chunks were embedded and are kept/);
      assert.ok(!failed.errors.includes(SECRET));
      assert.ok(!existsSync(pack));
    }
    const unknown = await weir(['index', folder, '-o', pack, '--embed', 'google:m', '--yes']);
    assert.equal(unknown.code, 1);
    assert.match(unknown.errors, /No provider google is configured.*GOOGLE_API_KEY/);
    const unnamed = await weir(['index', folder, '-o', pack, '--embed', 'm', '--yes']);
    assert.match(unnamed.errors, /names no model/);
  });

  test('takes its provider from the config file of the edge', async () => {
    const config = join(place, 'edge.json');
    const openai = { base_url: provider.baseUrl, api_key: SECRET };
    writeFileSync(config, JSON.stringify({ providers: { openai } }));
    const made = await weir(
      ['index', folder, '-o', pack, '--embed', MODEL, '--yes', '--config', config],
      { env: { PATH: process.env.PATH } },
    );
    assert.equal(made.code, 0, made.errors);
    assert.equal(provider.calls.length, 3);
  });

  describe('when it is searched', () => {
    const hitsOf = ({ out }) => JSON.parse(out).hits;
    const search = (...options) => weir(['search', pack, 'keel depth', '--json', ...options]);

    test('has questions embedded, and does without where it cannot', async () => {
      assert.equal((await index('--yes')).code, 0);
      provider.calls.length = 0;
      const found = await search();
      assert.equal(found.code, 0, found.errors);
      assert.equal(found.errors, '');
      assert.deepEqual(texts(), ['keel depth']);
      const offline = await search('--offline');
      assert.equal(offline.errors, '');
      assert.equal(provider.calls.length, 1);
      assert.notDeepEqual(hitsOf(found), hitsOf(offline));

      provider.script = { status: 401, body: {} };
      const refused = await search();
      assert.equal(refused.code, 0);
      assert.match(refused.errors, /not embedded by openai:text-embedding-3-small.*works offline/);
      assert.deepEqual(hitsOf(refused), hitsOf(offline));
      const keyless = await weir(['search', pack, 'keel depth', '--json'], {
        env: { PATH: process.env.PATH },
      });
      assert.match(keyless.errors, /No provider openai is configured/);
      assert.deepEqual(hitsOf(keyless), hitsOf(offline));
    });

    test('embeds those of a batch together, and says once where it cannot', async () => {
      assert.equal((await index('--yes')).code, 0);
      provider.calls.length = 0;
      const lines = Array.from({ length: 150 }, (_, i) =>
        JSON.stringify({ qid: i, query: `keel_${i} depth` }),
      ).join('\n');
      const batch = () => weir(['search', pack, '--batch'], { input: lines });
      const found = await batch();
      assert.equal(found.code, 0, found.errors);
      assert.equal(found.out.trim().split('\n').length, 150);
      assert.equal(provider.calls.length, 2);
      assert.equal(texts().length, 150);
      provider.script = { status: 401, body: {} };
      const without = await batch();
      assert.equal(without.out.trim().split('\n').length, 150);
      assert.equal(without.errors.trim().split('\n').length, 1);
    });

    test('has them embedded through an edge', async () => {
      assert.equal((await index('--yes')).code, 0);
      const direct = hitsOf(await search());
      const codes = [{ name: 'members', code: 'members only', packs: ['*'] }];
      const edge = await startEdge({ provider, config: { access: { mode: 'codes', codes } } });
      const through = (env) =>
        weir(['search', pack, 'keel depth', '--json', '--edge', edge.url], {
          env: { PATH: process.env.PATH, ...env },
        });
      try {
        const found = await through({ WEIR_ACCESS: 'members only' });
        assert.equal(found.errors, '');
        assert.deepEqual(hitsOf(found), direct);
        const unknown = await through({});
        assert.match(unknown.errors, /Ranking by what works offline/);
      } finally {
        assert.equal(await edge.stop(), 0);
      }
    });
  });
});
