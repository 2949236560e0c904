import type { Hit } from 'weir';

import { type Range, excerpt } from './excerpt.ts';

/** The lines of a passage where most of the question's words stand, with those words marked. */
export function Snippet({ text, matches }: Pick<Hit, 'text' | 'matches'>) {
  const shown = excerpt(text, matches);
  return (
    <pre class="snippet">
      <code>{marked(shown.text, shown.matches)}</code>
    </pre>
  );
}

function marked(text: string, matches: Range[]) {
  const parts = [];
  let at = 0;
  for (const { begin, end } of matches) {
    if (begin < at || end > text.length) continue;
    parts.push(text.slice(at, begin), <mark key={begin}>{text.slice(begin, end)}</mark>);
    at = end;
  }
  parts.push(text.slice(at));
  return parts;
}
