// What the first count takes, in a process of its own (run.mjs --first): milliseconds from where the bytes
// are at hand, read once before, to the first number.
//   node first_count.mjs <weir|gpt-tokenizer> <encoding> <folder of the npm package>
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const TEXT = 'How does the relay resume an answer after a cut?';
const [subject, encoding, folder] = process.argv.slice(2);

async function weir() {
  const { createCounter } = await import(join(folder, 'counter.js'));
  for (const file of ['weir-counter.wasm', `${encoding}.bin`]) readFileSync(join(folder, file));
  const before = performance.now();
  const counter = await createCounter(encoding);
  return [counter.count(TEXT), performance.now() - before];
}

// Its vocabulary is JavaScript: arriving means being imported.
async function gptTokenizer() {
  const before = performance.now();
  const { countTokens } = await import(`gpt-tokenizer/encoding/${encoding}`);
  return [countTokens(TEXT), performance.now() - before];
}

const [tokens, milliseconds] = await (subject === 'weir' ? weir() : gptTokenizer());
console.log(JSON.stringify({ tokens, milliseconds }));
