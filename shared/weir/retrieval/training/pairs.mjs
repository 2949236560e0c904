// Pairs of what a person wrote about a piece of code and that code: doc comments and comments with
// the lines below them, headings with their sections, descriptions of tests with their bodies.

const HASHES = 'py pyx rb rake sh tcl cmake ex exs php'.split(' ');
const SLASHES =
  'c h cc cpp cxx hh hpp hxx go rs js mjs cjs jsx ts tsx vue java kt scala swift cs php proto groovy'.split(
    ' ',
  );
const DASHES = 'lua sql hs'.split(' ');
const PROSE = 'md markdown rst'.split(' ');

/** Of the files that are read. */
export const EXTENSIONS = [...new Set([...HASHES, ...SLASHES, ...DASHES, ...PROSE])];

const TEXT_CHARACTERS = 1400;
const TEXT_LEAST = 600;
const LINES_MOST = 45;

const NOISE =
  /copyright|licen[cs]e|spdx|author|generated|do not edit|eslint|prettier|pylint|noqa|nolint|clang-format|todo|fixme|xxx|https?:|@ts-|istanbul|coding[:=]|vim:|-\*-|\$Id|warranty/i;

/** The first sentence of a comment, or '' where it says nothing to learn from. */
export function sentence(lines) {
  const kept = [];
  for (const line of lines) {
    const text = line.trim();
    if (
      text === '' ||
      /^[@\\:]\w|^(args|arguments|returns?|params?|parameters|raises|example)s?:?$/i.test(text)
    ) {
      if (kept.length > 0) break;
      continue;
    }
    if (/^[-=~*_#+]{3,}$/.test(text)) continue;
    kept.push(text);
    if (kept.length >= 6) break;
  }
  let text = kept
    .join(' ')
    .replace(/^[\\@](brief|short|summary)\s+/, '')
    .replace(/<\/?\w+[^>]*>/g, ' ');
  text = text.replace(/\s+/g, ' ').trim();
  const end = /[.!?:](\s|$)/.exec(text);
  // A first sentence of a word or two ("Note.") is no sentence.
  if (end && end.index > 15) text = text.slice(0, end.index);
  if (text.length < 18 || text.length > 320 || NOISE.test(text)) return '';
  const words = text.split(' ');
  if (words.length < 4 || words.length > 50) return '';
  const letters = text.replace(/[^A-Za-z ]/g, '').length;
  if (letters < 0.8 * text.length || /[;{}]$/.test(text)) return '';
  return text;
}

function indentation(line) {
  return line.length - line.trimStart().length;
}

/** The code from a line on: to the end of what begins there, or the most that a text may have. */
function codeFrom(lines, begin) {
  while (begin < lines.length && lines[begin].trim() === '') ++begin;
  if (begin >= lines.length) return '';
  const indent = indentation(lines[begin]);
  let characters = 0;
  let end = begin;
  for (; end < lines.length && end - begin < LINES_MOST; ++end) {
    const line = lines[end];
    const starts = end > begin + 2 && line.trim() !== '' && lines[end - 1].trim() === '';
    const leaves = end > begin && line.trim() !== '' && indentation(line) < indent;
    if (characters > TEXT_LEAST && (leaves || (starts && indentation(line) === indent))) break;
    characters += line.length + 1;
    if (characters > TEXT_CHARACTERS) break;
  }
  return lines.slice(begin, end).join('\n');
}

/** Blocks of comment lines: { text lines, first line after the block }. */
function* lineComments(lines, marker) {
  for (let at = 0; at < lines.length;) {
    const block = [];
    const begin = at;
    while (at < lines.length) {
      const found = marker.exec(lines[at]);
      if (!found) break;
      block.push(found[1]);
      ++at;
    }
    if (at === begin) ++at;
    else yield { block, after: at };
  }
}

function* blockComments(lines) {
  for (let at = 0; at < lines.length; ++at) {
    const open = /^\s*\/\*+!?(?!\/)(.*)$/.exec(lines[at]);
    if (!open) continue;
    const block = [];
    let text = open[1];
    while (true) {
      const close = text.indexOf('*/');
      block.push((close < 0 ? text : text.slice(0, close)).replace(/^\s*\*+ ?/, ''));
      if (close >= 0 || at + 1 >= lines.length || block.length > 200) break;
      text = lines[++at];
    }
    yield { block, after: at + 1 };
  }
}

/** A docstring stands below what it describes. */
function* docstrings(lines) {
  for (let at = 1; at < lines.length; ++at) {
    const open = /^\s*[rRuU]?("""|''')(.*)$/.exec(lines[at]);
    if (!open) continue;
    let head = at - 1;
    while (head > 0 && at - head < 8 && !/^\s*(async def|def|class)\s/.test(lines[head])) --head;
    if (!/^\s*(async def|def|class)\s/.test(lines[head]) || !lines[at - 1].trimEnd().endsWith(':'))
      continue;
    const block = [];
    let text = open[2];
    while (true) {
      const close = text.indexOf(open[1]);
      block.push(close < 0 ? text : text.slice(0, close));
      if (close >= 0 || at + 1 >= lines.length || block.length > 300) break;
      text = lines[++at];
    }
    const body = [
      ...lines.slice(head, head + 8).slice(0, Math.max(1, at - head - block.length + 1)),
      ...lines.slice(at + 1, at + 1 + LINES_MOST),
    ];
    yield { block, text: codeFrom(body, 0) };
  }
}

function* testNames(lines) {
  for (let at = 0; at < lines.length; ++at) {
    const found =
      /^\s*(?:it|test|describe|context|scenario|specify)[ (]+['"`]([^'"`]{12,160})['"`]/.exec(
        lines[at],
      );
    if (found) yield { block: [found[1]], text: codeFrom(lines, at + 1) };
  }
}

function* sections(lines, restructured) {
  const heads = [];
  let fenced = false;
  for (let at = 0; at < lines.length; ++at) {
    if (/^\s*```/.test(lines[at])) fenced = !fenced;
    if (fenced) continue;
    const marked = /^#{1,6}\s+(.*?)\s*#*$/.exec(lines[at]);
    if (marked && !restructured) heads.push({ at, title: marked[1], body: at + 1 });
    const under =
      at > 0 && /^([-=~^"'*+#`])\1{3,}\s*$/.test(lines[at]) && lines[at - 1].trim() !== '';
    if (under) heads.push({ at: at - 1, title: lines[at - 1].trim(), body: at + 1 });
  }
  for (const [i, head] of heads.entries()) {
    const end = heads[i + 1]?.at ?? lines.length;
    yield {
      title: head.title,
      text: lines.slice(head.body, end).join('\n').slice(0, TEXT_CHARACTERS),
    };
  }
}

/** Yields { kind, query, path, text }. */
export function* pairsOf(path, content) {
  const lines = content.split(/\r?\n/);
  const extension = path.slice(path.lastIndexOf('.') + 1);
  const make = (kind, block, text) => {
    const query = sentence(block);
    return query && text.trim().length > 60 ? [{ kind, query, path, text }] : [];
  };
  if (PROSE.includes(extension)) {
    for (const { title, text } of sections(lines, /\.rst$/i.test(path))) {
      if (title.split(' ').length >= 3 && text.trim().length > 150 && !NOISE.test(title)) {
        yield { kind: 'heading', query: title, path, text };
      }
    }
    return;
  }
  const comments = [];
  if (HASHES.includes(extension)) comments.push(lineComments(lines, /^\s*#(?![!{])+ ?(.*)$/));
  if (SLASHES.includes(extension))
    comments.push(lineComments(lines, /^\s*\/\/[/!]* ?(.*)$/), blockComments(lines));
  if (DASHES.includes(extension)) comments.push(lineComments(lines, /^\s*---? ?(.*)$/));
  for (const source of comments) {
    for (const { block, after } of source) yield* make('comment', block, codeFrom(lines, after));
  }
  if (/\.pyx?$/.test(path))
    for (const { block, text } of docstrings(lines)) yield* make('comment', block, text);
  if (/\.(js|mjs|cjs|ts|tsx|jsx|rb)$/.test(path)) {
    for (const { block, text } of testNames(lines)) yield* make('test', block, text);
  }
}

/** Pairs of a patch with a description: { kind, query, path, text }, the text being its hunks. */
export function* pairsOfPatch(patch) {
  const at = patch.search(/^(---|diff|Index:) /m);
  if (at < 0) return;
  const header = patch.slice(0, at);
  const field = /^(?:Subject|Description):[ \t]*((?:.*)(?:\n[ \t]+\S.*)*)/m.exec(header);
  if (!field) return;
  const query = field[1]
    .split('\n')
    .map((line) => line.trim())
    .join(' ')
    .replace(/^\[PATCH[^\]]*\]\s*/, '')
    .slice(0, 300);
  if (query.split(' ').length < 4 || /debian|spelling|typo|upstream version/i.test(query)) return;
  const files = patch.slice(at).split(/^--- /m).slice(1, 6);
  for (const file of files) {
    const path = /^\+\+\+ (?:b\/|[^/\s]+\/)?(\S+)/m.exec(file)?.[1];
    if (!path || path === '/dev/null') continue;
    const hunks = file
      .split('\n')
      .filter((line) => /^[ -]/.test(line))
      .map((line) => line.slice(1))
      .join('\n');
    if (hunks.trim().length > 100)
      yield { kind: 'change', query, path, text: hunks.slice(0, 2 * TEXT_CHARACTERS) };
  }
}
