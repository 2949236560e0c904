import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, repository, site, startEdge, test, WeirPage } from './support/house.ts';
import { StaticSite } from './support/static-site.ts';

test('On a plain file server below a path, without an edge, a folder can be asked about', async ({
  page,
  guard,
}) => {
  const plain = await new StaticSite(site, '/a/b/').start();
  const weir = new WeirPage(page);
  await page.goto(plain.url);
  await expect(page.getByRole('heading', { name: 'Open a repository to ask about' })).toBeVisible();
  await expect(weir.connection).toHaveText('offline');
  await page.locator('input[type=file]').first().setInputFiles(repository);
  await weir.ready();
  await weir.ask('How does the client fall back to HTTP?');
  await weir.answered();
  await expect(
    weir
      .text()
      .getByRole('link', { name: /^Source 1: / })
      .first(),
  ).toBeVisible();
  expect(guard.foreign(plain.url)).toEqual([]);
  await plain.stop();
});

test('A weir.json beside the page offers packs of a static host', async ({ page, packs }) => {
  const plain = await new StaticSite(site, '/a/b/', {
    'weir.json': JSON.stringify({ edge: null, packs: ['packs/harbour.weir'] }),
    'packs/harbour.weir': readFileSync(join(packs, 'harbour.weir')),
  }).start();
  const weir = new WeirPage(page);
  await weir.open(plain.url);
  await expect(weir.connection).toHaveText('offline');
  await weir.ask('Why jitter?');
  await weir.answered();
  await expect(weir.sources).toContainText('docs/design.md');
  await plain.stop();
});

test('A weir.json beside the page names an edge of another origin, and only that is reached', async ({
  page,
  packs,
  provider,
  guard,
}) => {
  provider.script = { pieces: ['From another origin.'] };
  const files: Record<string, string> = {};
  const plain = await new StaticSite(site, '/a/b/', files).start();
  const args = ['--packs', packs, '--allow-origin', plain.origin];
  const edge = await startEdge({ provider, args });
  files['weir.json'] = JSON.stringify({ edge: edge.url });
  const weir = new WeirPage(page);
  await weir.open(plain.url);
  await expect(weir.connection).toHaveText('WebSocket');
  await weir.ask('Why jitter?');
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
  await edge.stop();
  await plain.stop();
});
