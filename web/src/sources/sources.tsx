import type { Hit, PassageRef } from 'weir';

import { type Answer, citedBy } from '../ask/answer.ts';
import { fileHref } from '../page/location.ts';
import { lineRange } from '../words.ts';
import { Snippet } from './snippet.tsx';
import { sourcesOf } from './numbering.ts';

/** What was found for a question; numbered as the answer cites it once that is known. */
export function Sources({ answer, label }: { answer: Answer; label: string }) {
  const sources = sourcesOf(answer.hits.value, citedBy(answer));
  const searched = answer.searched.value && answer.phase.value !== 'searching';
  if (sources.length === 0) {
    return searched ? <p class="sources-none">Nothing in the repository matches.</p> : null;
  }
  const known = answer.accepted.value !== null;
  const keys = keysOf(sources.map(({ passage }) => passage));
  return (
    <ol class="sources" aria-label={label} role="list">
      {sources.map(({ passage, hit, number }, place) => (
        <Source
          key={keys[place]}
          passage={passage}
          hit={hit}
          number={number}
          leftOut={known && number === null}
        />
      ))}
    </ol>
  );
}

/** By where they begin; of a page whose text is one long line, several begin in the same one. */
function keysOf(passages: PassageRef[]): string[] {
  const counts = new Map<string, number>();
  return passages.map(({ path, start_line }) => {
    const begin = `${path}:${start_line}`;
    const before = counts.get(begin) ?? 0;
    counts.set(begin, before + 1);
    return `${begin}:${before}`;
  });
}

/** In words: which of the question's words it has, and what else speaks for it. */
function whyFound({ found_by: { words, name, meaning } }: Hit): string {
  const reasons = [];
  if (words.length > 0) reasons.push(`has ${words.map((word) => `“${word}”`).join(', ')}`);
  if (name) reasons.push('defines what is asked for');
  if (meaning) reasons.push('close in meaning');
  return reasons.join(' · ');
}

interface Props {
  passage: PassageRef;
  hit: Hit | null;
  number: number | null;
  leftOut: boolean;
}

function Source({ passage, hit, number, leftOut }: Props) {
  const { path, start_line, end_line } = passage;
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  return (
    <li class="source" data-left-out={leftOut}>
      <a class="source-link" href={fileHref(passage)}>
        {number !== null && <span class="source-number">{number}</span>}
        <span>
          <bdi>
            <span class="source-folder">{folder}</span>
            {path.slice(folder.length)}
          </bdi>
          <span class="source-lines">:{lineRange(start_line, end_line)}</span>
        </span>
      </a>
      {(hit || leftOut) && (
        <p class="source-facts">
          {hit?.symbol && <code>{hit.symbol}</code>}
          {hit && <span>{whyFound(hit)}</span>}
          {leftOut && <span>left out of the prompt</span>}
        </p>
      )}
      {hit && <Snippet text={hit.text} matches={hit.matches} />}
    </li>
  );
}
