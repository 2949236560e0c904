import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { expect, indexFolder, site, test, WeirPage } from './support/house.ts';

/** Nothing of this may run, and none of these addresses may be asked for. */
const attacks = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<img src="https://evil.example/pixel.png">',
  '<svg onload=alert(1)><script>alert(1)</script></svg>',
  '<svg><style><img src=x onerror=alert(1)></style></svg>',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x onerror=alert(1)&gt;">',
  '<iframe srcdoc="<script>parent.alert(1)</script>"></iframe>',
  '<iframe src="javascript:alert(1)"></iframe>',
  '<object data="https://evil.example/o"></object><embed src="https://evil.example/e">',
  '<link rel="stylesheet" href="https://evil.example/s.css">',
  '<style>@import "https://evil.example/i.css"; body { background: url(https://evil.example/b) }</style>',
  '<base href="https://evil.example/"><meta http-equiv="refresh" content="0;url=https://evil.example/">',
  '<form action="https://evil.example/f"><button autofocus>press</button></form>',
  '<a href="javascript:alert(1)">click</a><a href="data:text/html,<script>alert(1)</script>">data</a>',
  '<video src="https://evil.example/v" autoplay></video><audio src="https://evil.example/a"></audio>',
  '<input autofocus onfocus=alert(1)><details open ontoggle=alert(1)>',
  '<template><script>alert(1)</script></template><noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  '![pixel](https://evil.example/pixel.png)',
  '![x](https://evil.example/x.png "onerror=alert(1)")',
  '[![badge](https://evil.example/badge.svg)](https://evil.example/page)',
  '[click](javascript:alert(1)) [click](JaVaScRiPt:alert(1)) [click](&#106;avascript:alert(1))',
  '[data](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==) [vb](vbscript:msgbox(1))',
  '[file](file:///etc/passwd) [blob](blob:https://evil.example/1)',
  '[ref]: javascript:alert(1)\n\n[ref]',
  '<https://evil.example/auto" onmouseover="alert(1)>',
  '```html"><img src=x onerror=alert(1)>\n</code></pre><script>alert(1)</script>\n```',
  '`</code><script>alert(1)</script>`',
  '| <img src=x onerror=alert(1)> |\n|---|\n| <script>alert(1)</script> |',
  '# <img src=x onerror=alert(1)>',
  '[1](javascript:alert(1)) [1]: javascript:alert(1)',
  '&lt;script&gt;alert(1)&lt;/script&gt; &#60;img src=x onerror=alert(1)&#62;',
  '\u202ereversed\u202c \u0007 \ufeff',
];

const paths = [
  'src/<img src=x onerror=alert(1)>.md',
  'src/"onmouseover="alert(1).ts',
  "src/'><script>alert(1).js",
  'src/%3Cscript%3Ealert(1)%3C.py',
  'src/&lt;b&gt;#file=x&lines=1.md',
  'src/javascript:alert(1).md',
  'src/\u202egnp.exe.md',
];

const watch = 'window.alert = () => { throw new Error("alert was called"); };';

test('Hostile answers, files and paths execute nothing and fetch nothing', async ({
  page,
  provider,
  guard,
  start,
}) => {
  test.setTimeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), 'weir-hostile-'));
  const body = `harbour attack words\n\n${attacks.join('\n\n')}\n`;
  for (const path of paths) {
    mkdirSync(join(folder, 'repo', dirname(path)), { recursive: true });
    writeFileSync(join(folder, 'repo', path), body);
  }
  mkdirSync(join(folder, 'packs'));
  indexFolder(join(folder, 'repo'), join(folder, 'packs', 'hostile.weir'));
  const edge = await start.edge({
    provider,
    args: ['--site', site, '--packs', join(folder, 'packs')],
  });
  await page.addInitScript(watch);

  provider.script = {
    pieces: attacks.flatMap((attack) => [
      attack.slice(0, 9),
      attack.slice(9),
      '\n\n',
      '[1] [2]\n\n',
    ]),
  };
  const weir = new WeirPage(page);
  await weir.open(edge.url);
  await weir.ask(
    'harbour attack words <img src=x onerror=alert(1)> ![x](https://evil.example/q.png)',
  );
  await weir.answered();
  await expect(weir.text()).toContainText('<script>alert(1)</script>');
  await expect(weir.sources.getByRole('listitem')).not.toHaveCount(0);

  await expectInert(page);
  for (const link of await weir.text().locator('a:not(.citation)').all()) {
    expect(await link.getAttribute('href')).toMatch(/^(https?:|mailto:)/);
    expect(await link.getAttribute('rel')).toBe('noopener noreferrer');
  }
  for (let source = 0; source < (await weir.sources.getByRole('link').count()); source++) {
    await weir.sources.getByRole('link').nth(source).click();
    await expect(weir.file.locator('.file-code')).toContainText('harbour attack words');
    await page.waitForTimeout(100);
    await expectInert(page);
    await page.keyboard.press('Escape');
    await expect(weir.file).toBeHidden();
  }
  for (const link of await weir.text().locator('a:not(.citation)').all()) await link.hover();
  expect(guard.foreign(edge.url)).toEqual([]);
  rmSync(folder, { recursive: true });
});

async function expectInert(page: import('@playwright/test').Page): Promise<void> {
  const dangerous = await page.evaluate(() => {
    const elements =
      'body script, iframe, object, embed, img, video, audio, base, form:not(.address-form), body style, link[href*="evil"], template';
    const found = [...document.querySelectorAll(elements)].map(({ outerHTML }) => outerHTML);
    for (const element of document.body.querySelectorAll('*')) {
      for (const { name, value } of element.attributes) {
        if (name.startsWith('on') || /^\s*(javascript|data|vbscript):/i.test(value)) {
          found.push(`${name}=${value}`);
        }
      }
    }
    return found;
  });
  expect(dangerous).toEqual([]);
}
