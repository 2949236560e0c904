import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';

import { expect, indexFolder, site, test, WeirPage } from './support/house.ts';
import { whenKept } from './support/kept.ts';

const question = 'Where is pier 137 built?';

/** Words of no language, so that a pack of them is large. */
function* words(seed: number): Generator<string> {
  for (let state = seed; ;) {
    let word = '';
    for (let i = 0; i < 7; i++) {
      state = (state * 1103515245 + 12345) % 2 ** 31;
      word += String.fromCharCode(97 + ((state >> 16) % 26));
    }
    yield word;
  }
}

/** A pack of several megabytes in a folder of its own. */
function largePack(): { folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'weir-large-'));
  mkdirSync(join(folder, 'docks'));
  const some = words(7);
  for (let file = 0; file < 300; file++) {
    const lines = Array.from(
      { length: 100 },
      () => `// ${Array.from({ length: 12 }, () => some.next().value).join(' ')}`,
    );
    const text = `/** Builds pier ${file}. */\nfunction buildPier${file}() {}\n${lines.join('\n')}\n`;
    writeFileSync(join(folder, `docks/pier-${file}.js`), text);
  }
  mkdirSync(join(folder, 'packs'));
  indexFolder(join(folder, 'docks'), join(folder, 'packs/docks.weir'));
  return { folder: join(folder, 'packs'), remove: () => rmSync(folder, { recursive: true }) };
}

test('A large pack is searched where it lies, and kept for offline use when the reader likes', async ({
  page,
  provider,
  start,
}) => {
  test.setTimeout(90_000);
  const large = largePack();
  const edge = await start.edge({ provider, args: ['--site', site, '--packs', large.folder] });
  let loaded = 0;
  page.on('response', async (response) => {
    if (!response.url().endsWith('.weir')) return;
    loaded += Number((await response.allHeaders())['content-length'] ?? 0);
  });
  const weir = new WeirPage(page);
  await weir.open(edge.url);
  await weir.ask(question);
  await expect(weir.sources.getByRole('link').first()).toContainText('pier-137.js');
  await weir.answered();
  expect(loaded).toBeGreaterThan(0);
  expect(loaded).toBeLessThan(400_000);

  const chooser = page.getByRole('button', { name: /^Repository/ });
  await chooser.click();
  const keep = page.getByRole('button', { name: /^Keep .* for offline use$/ });
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
  await keep.click();
  await expect(page.getByRole('region', { name: 'Progress' })).toBeHidden();
  await expect(weir.answer).toBeVisible();
  await chooser.click();
  await expect(page.getByText('kept for offline use')).toBeVisible();
  await expect(keep).toBeHidden();
  await page.keyboard.press('Escape');
  expect(loaded).toBeGreaterThan(1 << 20);
  large.remove();

  await whenKept(page);
  await edge.stop();
  await page.getByRole('button', { name: 'New conversation' }).click();
  await page.reload();
  await weir.ready();
  await weir.ask(question);
  await expect(weir.sources.getByRole('link').first()).toContainText('pier-137.js');
  await weir.answered();
});
