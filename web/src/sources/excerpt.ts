/** UTF-16 offsets; `end` is excluded. */
export interface Range {
  begin: number;
  end: number;
}

export interface Excerpt {
  text: string;
  matches: Range[];
}

const linesShown = 5;
/** Longer lines (minified code, data) are cut: a snippet is for recognising, the viewer for reading. */
const longestLine = 200;

/**
 * The `linesShown` lines that hold the most different matches, then the most of them; the earliest
 * of equals. It does not begin with a blank line.
 */
export function excerpt(text: string, matches: Range[]): Excerpt {
  const lines = linesOf(text);
  const hits = lines.map((line) => matches.filter((match) => within(match, line)));
  let first = 0;
  let best = -1;
  for (let line = 0; line === 0 || line + linesShown <= lines.length; line++) {
    const score = weigh(text, hits.slice(line, line + linesShown));
    if (score > best) [first, best] = [line, score];
  }
  while (first < lines.length - 1 && isBlank(text, lines[first])) first += 1;
  return join(text, lines.slice(first, first + linesShown), hits.slice(first, first + linesShown));
}

function weigh(text: string, hits: Range[][]): number {
  const words = hits.flat().map(({ begin, end }) => text.slice(begin, end).toLowerCase());
  return new Set(words).size * 1000 + words.length;
}

function linesOf(text: string): Range[] {
  const lines: Range[] = [];
  for (let begin = 0; begin <= text.length;) {
    const newline = text.indexOf('\n', begin);
    const end = newline < 0 ? text.length : newline;
    lines.push({ begin, end });
    begin = end + 1;
  }
  while (lines.length > 1 && isBlank(text, lines.at(-1))) lines.pop();
  return lines;
}

/** Puts the chosen lines together, without the indentation that they share. */
function join(text: string, lines: Range[], hits: Range[][]): Excerpt {
  const indents = lines.filter((line) => !isBlank(text, line)).map((line) => indentOf(text, line));
  const indent = indents.length > 0 ? Math.min(...indents) : 0;
  const shown: Excerpt = { text: '', matches: [] };
  lines.forEach((line, index) => {
    const begin = Math.min(line.begin + indent, line.end);
    const end = Math.min(line.end, begin + longestLine);
    const shift = shown.text.length - begin;
    for (const match of hits[index] ?? []) {
      if (!within(match, { begin, end })) continue;
      shown.matches.push({ begin: match.begin + shift, end: match.end + shift });
    }
    shown.text += text.slice(begin, end) + (index < lines.length - 1 ? '\n' : '');
  });
  return shown;
}

function within(inner: Range, outer: Range): boolean {
  return inner.begin >= outer.begin && inner.end <= outer.end;
}

function isBlank(text: string, line: Range | undefined): boolean {
  return line === undefined || text.slice(line.begin, line.end).trim() === '';
}

function indentOf(text: string, { begin, end }: Range): number {
  const line = text.slice(begin, end);
  return line.length - line.trimStart().length;
}
