import type { MarkdownIt } from 'markdown-it';
import type { PassageRef } from 'weir';

import { fileHref } from '../page/location.ts';
import { lineRange } from '../words.ts';
import type { Environment } from './renderer.ts';

/** [3], [1][4], or several as [1, 4]; not [3](address) or [3][name], which are links. */
const citation = /\[(\d{1,3}(?:\s*,\s*\d{1,3})*)\](?!\(|\[(?!\d))/y;

/** [src/tide.ts:1-9]: what an earlier stage of a research rests on. */
const named = /\[([^[\]:\s][^[\]:\n]*[./][^[\]:\n]*):(\d{1,9})-(\d{1,9})\](?!\()/y;

/**
 * Makes [n] a link to the n-th source, and [path:first-last] one to that place. Numbers without a
 * source stay as they are.
 */
export function addCitations(md: MarkdownIt): void {
  addNumbered(md);
  addNamed(md);
}

function addNumbered(md: MarkdownIt): void {
  md.inline.ruler.before('link', 'citation', (state, silent) => {
    citation.lastIndex = state.pos;
    const match = citation.exec(state.src);
    if (!match?.[1] || state.linkLevel > 0) return false;
    const numbers = match[1].split(',').map(Number);
    const { sources } = state.env as Environment;
    if (!numbers.every((number) => sources[number - 1])) return false;
    if (!silent) {
      // A citation stays on the line of the words that it is for.
      state.pending = state.pending.replace(/ $/, '\u00a0');
      state.push('citation', '', 0).meta = { numbers };
    }
    state.pos += match[0].length;
    return true;
  });
  md.renderer.rules['citation'] = (tokens, index, _options, env) => {
    const { sources } = env as Environment;
    const numbers = tokens[index]?.meta?.['numbers'] as number[];
    return numbers.map((number) => link(md, number, sources[number - 1])).join('');
  };
}

function addNamed(md: MarkdownIt): void {
  md.inline.ruler.before('link', 'named_citation', (state, silent) => {
    named.lastIndex = state.pos;
    const match = named.exec(state.src);
    if (!match?.[1] || state.linkLevel > 0) return false;
    if (!silent) {
      const passage = { path: match[1], start_line: Number(match[2]), end_line: Number(match[3]) };
      state.push('named_citation', '', 0).meta = passage;
    }
    state.pos += match[0].length;
    return true;
  });
  md.renderer.rules['named_citation'] = (tokens, index) => {
    const source = tokens[index]?.meta as unknown as PassageRef;
    const escape = md.utils.escapeHtml;
    const lines = lineRange(source.start_line, source.end_line);
    const file = source.path.slice(source.path.lastIndexOf('/') + 1);
    return (
      `<a class="citation" href="${escape(fileHref(source))}"` +
      ` title="${escape(`${source.path}:${lines}`)}">${escape(`${file}:${lines}`)}</a>`
    );
  };
}

function link(md: MarkdownIt, number: number, source: PassageRef | undefined): string {
  if (!source) return '';
  const escape = md.utils.escapeHtml;
  const where = `${source.path}:${lineRange(source.start_line, source.end_line)}`;
  return (
    `<a class="citation" href="${escape(fileHref(source))}" title="${escape(where)}"` +
    ` aria-label="${escape(`Source ${number}: ${where}`)}">${number}</a>`
  );
}
