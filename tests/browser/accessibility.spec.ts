import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';

import { expect, repository, test, WeirPage } from './support/house.ts';

const answer = [
  '## Heading\n\nText with a [link](https://example.org) and a citation [1].\n\n',
  '```ts\nconst a: number = 1; // one\n```\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n> quoted\n',
];

for (const [look, viewport, colorScheme] of [
  ['a wide light screen', { width: 1200, height: 800 }, 'light'],
  ['a wide dark screen', { width: 1200, height: 800 }, 'dark'],
  ['a light phone', { width: 390, height: 844 }, 'light'],
  ['a dark phone', { width: 390, height: 844 }, 'dark'],
] as const) {
  test.describe(look, () => {
    test.use({ viewport, colorScheme, contextOptions: { reducedMotion: 'reduce' } });

    test(`Every view is free of known barriers on ${look}`, async ({ page, edge, provider }) => {
      test.setTimeout(60_000);
      provider.script = { pieces: answer };
      const weir = new WeirPage(page);
      await weir.open(edge.url);
      await expectNoBarriers(page);

      await weir.ask('Where does a ferry moor?');
      await weir.answered();
      await expect(weir.text().locator('.hljs-keyword')).toBeVisible();
      await weir.ask('And then?');
      await weir.answered();
      await expectNoBarriers(page);
      await expectNoSidewaysScroll(page);

      await weir.sources.getByRole('link').first().click();
      await expect(weir.file.locator('.file-code')).not.toBeEmpty();
      await page.waitForTimeout(300);
      await expectNoBarriers(page);
      await page.keyboard.press('Escape');

      await page.goto(`${edge.url}/#answer=${await answerId(page)}`);
      await expect(page.getByRole('heading', { name: 'A shared answer' })).toBeVisible();
      await expect(weir.text().locator('.hljs-keyword')).toBeVisible();
      await expectNoBarriers(page);
      await expectNoSidewaysScroll(page);
      await page.getByRole('button', { name: 'Ask a question of your own' }).click();

      await page.locator('input[type=file]').first().setInputFiles(repository);
      await expect(page.getByRole('button', { name: /^Repository: repository/ })).toBeVisible();
      await page.getByRole('button', { name: /^Repository/ }).click();
      await expect(page.getByRole('button', { name: 'Delete repository' })).toBeVisible();
      await expectNoBarriers(page);
      await page.keyboard.press('Escape');

      provider.script = {
        status: 401,
        body: { error: { message: 'no', code: 'invalid_api_key' } },
      };
      await weir.ask('What fails?');
      await expect(weir.answer.getByRole('alert')).toBeVisible();
      await expectNoBarriers(page);
    });
  });
}

test('Everything can be done with the keyboard alone', async ({ page, edge, provider }) => {
  provider.script = { pieces: ['See [1].'] };
  const weir = new WeirPage(page);
  await weir.open(edge.url);
  await expect(weir.question).toBeFocused();
  await page.keyboard.type('Where does a ferry moor?');
  await page.keyboard.press('Enter');
  await weir.answered();

  await tabTo(page, weir.sources.getByRole('link').first());
  await page.keyboard.press('Enter');
  await expect(weir.file.getByRole('region')).toBeFocused();
  await page.keyboard.press('PageDown');
  await page.keyboard.press('Escape');
  await expect(weir.sources.getByRole('link').first()).toBeFocused();

  await tabTo(page, weir.text().getByRole('link', { name: /^Source 1: / }));
  await page.keyboard.press('Enter');
  await expect(weir.file).toBeVisible();
  await page.keyboard.press('Escape');

  await tabTo(page, page.getByRole('button', { name: /^Repository/ }));
  await page.keyboard.press('Enter');
  await tabTo(page, page.getByRole('button', { name: 'Open a folder…' }));
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: /^Repository/ })).toBeFocused();

  await tabTo(page, page.getByRole('button', { name: 'New conversation' }));
  await page.keyboard.press('Enter');
  await expect(weir.question).toBeFocused();
});

async function tabTo(page: Page, target: ReturnType<Page['locator']>): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press('Tab');
    if (await target.evaluate((element) => element === document.activeElement)) return;
  }
  await expect(target).toBeFocused();
}

/** Of an answer that the page keeps. */
function answerId(page: Page): Promise<string> {
  return page.evaluate(() => {
    const [kept] = Object.entries(localStorage).filter(([name]) => name.startsWith('weir.turn'));
    return JSON.parse(kept?.[1] ?? '').stages[0].answer.accepted.answer as string;
  });
}

async function expectNoBarriers(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`,
  );
  expect(found).toEqual([]);
}

async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const width = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(width).toBeLessThanOrEqual(0);
}
