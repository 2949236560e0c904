import { expect, test } from '@playwright/test';

import { GrowingText } from '../../web/src/markdown/growing-text.ts';
import { markdown } from '../../web/src/markdown/renderer.ts';
import { excerpt } from '../../web/src/sources/excerpt.ts';

const sources = [
  { path: 'src/a.ts', start_line: 3, end_line: 9 },
  { path: 'docs/b c&d.md', start_line: 1, end_line: 1 },
];

const answers = [
  '# Title\n\nText with **bold** and `code` [1].\n\nMore, [2].\n',
  '1. one\n2. two\n\n   still two\n\n3. three\n\nAfter the list.\n',
  '- a\n  - b\n\n\n- c\n\n* another list\n',
  'text\n\n### First\n\n## Second\n\n##### Third\n\ntext\n',
  'Setext\n===\n\ntext\n---\n\n***\n',
  '```ts\nconst a = 1;\n\n# no heading\n```\n\ntext\n',
  '~~~\nnever closed\n\n- no list\n',
  '| a | b |\n|---|--:|\n| 1 | 2 |\n\nnext\n',
  '> quote\nlazy\n>\n> more\n\n> another\n',
  '    indented\n\n    code\n\ntext\r\n\r\nwith returns\r\n',
  'A [link][later] and ![image](https://example.org/x.png).\n\n[later]: https://example.org/\n',
  '<script>alert(1)</script>\n\n<b>raw</b> &lt; &amp;\n\n[x](javascript:alert(1))\n',
  'old\rreturns\r\r- alone\r- here\r\rtext',
  'no newline at the end [1, 2]',
  'named [src/a.ts:3-9][1]\n\nand [docs/b c&d.md:1-1]\n',
];

test('Markdown that grows comes out as Markdown that was there all along', () => {
  for (const answer of answers) {
    const whole = markdown.render(answer, { sources });
    for (const step of [1, 2, 3, 7, 50]) {
      const growing = new GrowingText(sources);
      let settled = '';
      let live = '';
      for (let length = step; length < answer.length + step; length += step) {
        const rendered = growing.grow(answer.slice(0, length));
        settled += rendered.settled;
        live = rendered.live;
      }
      expect(growing.complete(answer) ?? settled + live).toBe(whole);
    }
  }
});

test('Rendering a long answer piece by piece stays quick', () => {
  const paragraph = 'Some words about `code` and **more** [1].\n\n';
  const growing = new GrowingText(sources);
  const begun = performance.now();
  let text = '';
  for (let i = 0; i < 2000; i++) growing.grow((text += paragraph));
  expect(performance.now() - begun).toBeLessThan(5000);
});

test('A citation leads to its source, and a number without a source stays text', () => {
  const html = markdown.render('See [2], [3] and [1](https://example.org).', { sources });
  expect(html).toContain('href="#file=docs%2Fb+c%26d.md&amp;lines=1-1"');
  expect(html).toContain('[3]');
  expect(html).toContain('href="https://example.org"');
});

test('Citations that touch each other are all links', () => {
  const html = markdown.render('So [1][2], not [1][later].\n\n[later]: https://a.example', {
    sources,
  });
  expect(html.match(/class="citation"/g)).toHaveLength(2);
  expect(html).toContain('href="https://a.example"');
});

test('A citation by name leads to that place', () => {
  const html = markdown.render('See [src/"a".ts:3-9], [12:30-45] and `[src/a.ts:1-2]`.', {
    sources,
  });
  expect(html).toContain('href="#file=src%2F%22a%22.ts&amp;lines=3-9"');
  expect(html).toContain('>&quot;a&quot;.ts:3–9</a>');
  expect(html.match(/class="citation"/g)).toHaveLength(1);
  expect(html).toContain('[12:30-45]');
});

test('File names are not taken for hosts', () => {
  expect(markdown.render('Read README.md and main.rs.', { sources })).not.toContain('<a');
});

test('An excerpt shows the lines with the most matches, marked where they stand', () => {
  const text = 'one\ntwo\n\n\n\n\n    alpha beta\n      gamma\n';
  const at = (word: string) => ({
    begin: text.indexOf(word),
    end: text.indexOf(word) + word.length,
  });
  const { text: shown, matches } = excerpt(text, [at('one'), at('alpha'), at('gamma')]);
  expect(matches.map(({ begin, end }) => shown.slice(begin, end))).toEqual(['alpha', 'gamma']);
  expect(shown.endsWith('alpha beta\n  gamma')).toBe(true);
});
