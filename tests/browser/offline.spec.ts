import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, site, test, WeirPage } from './support/house.ts';
import { whenKept } from './support/kept.ts';

test('With the edge stopped, the page opens, searches and answers from what it kept', async ({
  page,
  edge,
}) => {
  const weir = new WeirPage(page);
  await weir.open(edge.url);
  await whenKept(page);
  await edge.stop();

  await page.reload();
  await weir.ready();
  await expect(weir.connection).toHaveText('offline', { timeout: 15_000 });
  await expect(page.getByRole('note')).toContainText('No model answers here');
  await weir.ask('Where does a ferry moor?');
  await expect(weir.sources.locator('mark').first()).toBeVisible();
  await weir.answered();
  await expect(
    weir
      .text()
      .getByRole('link', { name: /^Source 1: / })
      .first(),
  ).toBeVisible();
  await weir.sources.getByRole('link').first().click();
  await expect(weir.file.locator('.file-code')).not.toBeEmpty();
});

test('Answers are kept in no cache', async ({ page, edge, provider }) => {
  provider.script = { pieces: ['a secret of this answer'] };
  const weir = new WeirPage(page);
  await weir.open(edge.url);
  await whenKept(page);
  await weir.ask('a question of mine');
  await weir.answered();
  const urls = await page.evaluate(async () => {
    const requests = [];
    for (const name of await caches.keys()) {
      for (const request of await (await caches.open(name)).keys()) requests.push(request.url);
    }
    return requests;
  });
  expect(urls.length).toBeGreaterThan(5);
  expect(urls.filter((url) => url.includes('/v1/'))).toEqual([]);
});

test('A new version takes over on the next load, and leaves nothing of the old one', async ({
  page,
  start,
}) => {
  test.setTimeout(90_000);
  const files: Record<string, string> = {};
  const plain = await start.plainSite('/', files);
  const shells = () =>
    page.evaluate(async () => {
      const names = await caches.keys();
      return names.filter((name) => name.startsWith('weir-shell-'));
    });
  await page.goto(plain.url);
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  const [old = ''] = await shells();
  const version = old.slice('weir-shell-'.length);

  const worker = readFileSync(join(site, 'service-worker.js'), 'utf8');
  files['service-worker.js'] = worker.replace(version, 'next');
  await page.reload();
  await expect.poll(shells, { timeout: 30_000 }).toContain('weir-shell-next');
  const afterReload = async () => {
    await page.reload();
    return shells();
  };
  await expect.poll(afterReload, { timeout: 30_000 }).toEqual(['weir-shell-next']);
});
