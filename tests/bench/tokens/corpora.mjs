// Texts to count, from what .ci/setup's Debian packages install: nothing is downloaded, and nothing of
// others is kept in the repository.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

const WARM_CHARACTERS = 1_000_000;
const SHORT_CHARACTERS = 200;
const COLD_CHARACTERS = 250_000;
const COLD_CJK_CHARACTERS = 30_000;

function filesBelow(folder, pattern) {
  return readdirSync(folder, { recursive: true })
    .filter((path) => pattern.test(path))
    .sort()
    .map((path) => join(folder, path));
}

function textOf(path) {
  const bytes = readFileSync(path);
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  return text.replaceAll('\0', '');
}

/** The translations in a GNU gettext catalogue (.mo), line by line. */
function translations(path) {
  const bytes = readFileSync(path);
  const [count, , table] = [8, 12, 16].map((at) => bytes.readUInt32LE(at));
  const lines = [];
  for (let i = 0; i < count; i++) {
    const length = bytes.readUInt32LE(table + 8 * i);
    const begin = bytes.readUInt32LE(table + 8 * i + 4);
    lines.push(bytes.toString('utf8', begin, begin + length).replaceAll('\0', '\n'));
  }
  return lines;
}

/** Running text of what programs say in Chinese and Japanese: command names and the like are left out. */
function eastAsian() {
  const catalogues = ['zh_CN', 'zh_TW', 'ja'].flatMap((language) =>
    filesBelow(`/usr/share/locale/${language}/LC_MESSAGES`, /\.mo$/),
  );
  const lines = catalogues
    .flatMap(translations)
    .map((line) => line.replace(/[\n -~]+/g, ''))
    .filter((line) => line.length > 12 && /[\u3000-\u9fff]/u.test(line));
  return [...new Set(lines)].join('\n');
}

function slices(text, characters) {
  const parts = [];
  for (let at = 0; at + characters <= text.length; at += characters) {
    parts.push(text.slice(at, at + characters).toWellFormed());
  }
  return parts;
}

/** Name -> texts, one call each. The cold ones are for one look at each text: it is in no other corpus. */
export function corpora() {
  const prose = filesBelow('/usr/share/doc/git/RelNotes', /\.txt$/)
    .reverse()
    .map(textOf)
    .join('\n');
  const manuals = [
    ...filesBelow('/usr/share/cmake-3.25/Help', /\.rst$/),
    ...filesBelow('/usr/share/doc/haproxy', /\.txt\.gz$/),
  ];
  const code = [
    ...filesBelow('/usr/share/emscripten/tools', /\.py$/),
    ...filesBelow('/usr/share/emscripten/src', /\.js$/),
    ...filesBelow('/usr/include/boost/beast', /\.[hi]pp$/),
  ];
  const headers = filesBelow('/usr/include/boost/asio', /\.[hi]pp$/);
  const warmProse = prose.slice(0, WARM_CHARACTERS);
  const warmCode = code.map(textOf).join('\n').slice(0, WARM_CHARACTERS);
  const cjk = eastAsian();
  const warmCjk = cjk.slice(0, WARM_CHARACTERS / 2);
  const coldCjk = slices(cjk.slice(WARM_CHARACTERS / 2), COLD_CJK_CHARACTERS);
  const half = WARM_CHARACTERS / 2;
  const short = slices(warmProse.slice(0, half) + warmCode.slice(0, half), SHORT_CHARACTERS);
  const coldProse = slices(manuals.map(textOf).join('\n'), COLD_CHARACTERS);
  const coldCode = slices(headers.map(textOf).join('\n'), COLD_CHARACTERS);
  return {
    prose: [warmProse],
    code: [warmCode],
    cjk: [warmCjk],
    short,
    cold: [...coldProse.slice(0, 8), ...coldCode.slice(0, 8)],
    'cold cjk': coldCjk.slice(0, 8),
  };
}

/** Texts that are hard on a tokenizer, a megabyte each. */
export function cliffs() {
  const bytes = 1_000_000;
  const repeat = (text) => text.repeat(Math.ceil(bytes / Buffer.byteLength(text)));
  let state = 1;
  const random = (n) => (state = (state * 48271) % 2147483647) % n;
  const many = (n, make) => Array.from({ length: n }, make).join('');
  const ideograph = () => String.fromCharCode(0x4e00 + random(0x5000));
  return {
    'one letter': repeat('a'),
    'one capital': repeat('A'),
    'two letters': repeat('ab'),
    base64: many(
      bytes,
      () => 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'[random(64)],
    ),
    'random letters': many(bytes, () => String.fromCharCode(97 + random(26))),
    digits: repeat('7'),
    spaces: repeat(' '),
    'line ends': repeat('\n'),
    'spaces and line ends': repeat('  \n'),
    'one ideograph': repeat('中'),
    'unbroken Chinese': many(bytes / 3, ideograph),
    'alternating scripts': repeat('aж中א1'),
    apostrophes: repeat("'"),
    'combining marks': repeat('\u0301'),
    emoji: repeat('👩‍💻🎉'),
    'capitals after an ideograph': `中${repeat('A')}`,
  };
}
