import { expect, test, WeirPage } from './support/house.ts';
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
  await weir.ask('How does the client fall back to HTTP?');
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
