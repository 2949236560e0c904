import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, repository, test, WeirPage } from './support/house.ts';

test('On a plain file server below a path, without an edge, a folder can be asked about', async ({
  page,
  guard,
  start,
}) => {
  const plain = await start.plainSite('/a/b/');
  const weir = new WeirPage(page);
  await page.goto(plain.url);
  await expect(page.getByRole('heading', { name: 'Open a repository to ask about' })).toBeVisible();
  await expect(weir.connection).toHaveText('offline');
  await page.locator('input[type=file]').first().setInputFiles(repository);
  await weir.ready();
  await weir.ask('Where does a ferry moor?');
  await weir.answered();
  await expect(
    weir
      .text()
      .getByRole('link', { name: /^Source 1: / })
      .first(),
  ).toBeVisible();
  expect(guard.foreign(plain.url)).toEqual([]);
});

test('A weir.json beside the page offers packs of a static host', async ({
  page,
  packs,
  start,
}) => {
  const plain = await start.plainSite('/a/b/', {
    'weir.json': JSON.stringify({ edge: null, packs: ['packs/harbour.weir'] }),
    'packs/harbour.weir': readFileSync(join(packs, 'harbour.weir')),
  });
  const weir = new WeirPage(page);
  await weir.open(plain.url);
  await expect(weir.connection).toHaveText('offline');
  await weir.ask('Why do ferries wait apart?');
  await weir.answered();
  await expect(weir.sources).toContainText('docs/design.md');
});

test('A weir.json beside the page names an edge of another origin, and only that is reached', async ({
  page,
  packs,
  provider,
  guard,
  start,
}) => {
  provider.script = { pieces: ['From another origin.'] };
  const files: Record<string, string> = {};
  const plain = await start.plainSite('/a/b/', files);
  const args = ['--packs', packs, '--allow-origin', plain.origin];
  const edge = await start.edge({ provider, args });
  files['weir.json'] = JSON.stringify({ edge: edge.url });
  const weir = new WeirPage(page);
  await weir.open(plain.url);
  await expect(weir.connection).toHaveText('WebSocket');
  await weir.ask('Why do ferries wait apart?');
  await weir.answered();
  await expect(weir.text()).toHaveText('From another origin.');
  expect(guard.foreign(plain.url, edge.url)).toEqual([]);
  const refused = await page.evaluate(() =>
    fetch('http://127.0.0.1:9/').then(
      () => 'fetched',
      () => 'refused',
    ),
  );
  expect(refused).toBe('refused');
  expect(guard.violations.length).toBeGreaterThan(0);
  guard.violations.length = 0;
});
