// The same pack and the same ranking natively and in WebAssembly: for this repository's own sources and
// for every folder of repositories that WEIR_CORPORA names, asked the questions that stand in its
// queries.jsonl.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { binaries } from '../support/edge.mjs';
import { corpus, load } from '../support/package.mjs';

const { createWeir } = await load();
const weirCommand = join(binaries, 'weir');

const questions = [
  'How does a client go on after the connection broke?',
  'Where is PostingsReader defined?',
  'split text into chunks at declarations',
  'remove entries that are too old',
  '検索の結果を並べ替える',
  'größe berechnen',
  'the of and to',
  'how are violins tuned?',
];

/** As pages are taken in: some of it is not read, and a line holds several blocks. */
const page = `<!DOCTYPE html><html><head><title>Violins</title><style>p { color: red }</style></head><body>
<nav><ul><li>Home<li>Contact</ul></nav><h1>Keeping a violin</h1><p>Strings go out of tune with the weather&mdash;with
cold and damp above all.</p><h2 id="tuning">How violins are tuned</h2><p>The pegs come first, the fine tuners last.</p>
<ul>${'<li>Turn a peg by very little and listen to the fifth.</li>'.repeat(200)}</ul></body></html>
`;

/** { name, folder, questions } */
function corpora() {
  const folder = corpus();
  writeFileSync(join(folder, 'violins.html'), page);
  const list = [{ name: 'this repository', folder, questions, own: true }];
  const given = process.env.WEIR_CORPORA;
  if (!given) return list;
  const queries = readFileSync(join(given, 'queries.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map(JSON.parse);
  for (const name of readdirSync(given)) {
    if (!existsSync(join(given, name, '.'))) continue;
    const own = queries.filter(({ repo }) => repo.replace('/', '+') === name);
    if (own.length === 0) continue;
    list.push({ name, folder: join(given, name), questions: own.map(({ query }) => query) });
  }
  return list;
}

describe('the ranking', () => {
  const packs = mkdtempSync(join(tmpdir(), 'weir-ranking-'));
  let weir;
  before(async () => (weir = await createWeir()));
  after(() => {
    weir.dispose();
    rmSync(packs, { recursive: true });
  });

  const all = corpora();
  const files = all.map((_, i) => join(packs, `${i}.weir`));
  const native = (asked, texts) =>
    execFileSync(weirCommand, ['search', ...asked, '--batch'], {
      input: texts.map((query, qid) => JSON.stringify({ qid, query })).join('\n'),
      maxBuffer: 1 << 28,
    })
      .toString()
      .trim()
      .split('\n')
      .map((line) =>
        JSON.parse(line).hits.map(({ path, start_line, score }) => [path, start_line, score]),
      );
  const brief = (hits) => hits.map(({ path, start_line, score }) => [path, start_line, score]);

  for (const [i, { name, folder, questions, own }] of all.entries()) {
    test(`of ${name} is the same natively and in WebAssembly`, async () => {
      execFileSync(weirCommand, ['index', folder, '-o', files[i]], { stdio: 'ignore' });
      if (own) rmSync(folder, { recursive: true });
      const pack = await weir.openPack(readFileSync(files[i]));
      const expected = native([files[i]], questions);
      for (const [at, question] of questions.entries()) {
        assert.deepEqual(brief(await pack.search(question)), expected[at], question);
      }
      pack.close();
    });
  }

  test('of several packs together is the same natively and in WebAssembly', async () => {
    const asked = [files[0], files.at(-1)];
    const opened = await Promise.all(asked.map((file) => weir.openPack(readFileSync(file))));
    const expected = native(asked, questions);
    for (const [at, question] of questions.entries()) {
      const hits = await weir.search(opened, question);
      assert.deepEqual(brief(hits), expected[at], question);
      assert.ok(hits.every(({ pack }) => pack === 0 || pack === 1));
    }
    for (const pack of opened) pack.close();
  });

  test('asks only packs that are open', async () => {
    const pack = await weir.openPack(readFileSync(files[0]));
    pack.close();
    await assert.rejects(weir.search([pack], 'anything'));
    await assert.rejects(weir.search([{}], 'anything'), {
      name: 'WeirError',
      code: 'invalid_request',
    });
  });
});
