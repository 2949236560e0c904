import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';

import { expect, repository, test, WeirPage } from './support/house.ts';
import { keptPacks, whenPacksAreKept } from './support/kept.ts';
import { tarGzOf, text, zipOf } from '../support/archives.mjs';

const boats = [
  { path: '.gitignore', bytes: text('*.log\n') },
  { path: 'src/anchor.ts', bytes: text('export function dropAnchor(depth: number) {}\n') },
  { path: 'src/trace.log', bytes: text('noise\n') },
  { path: 'assets/boat.png', bytes: text('png') },
  { path: 'notes.txt', bytes: new Uint8Array([0x43, 0x61, 0x66, 0xe9, 0x0a]) },
];

const archiveInput = (page: Page) => page.locator('input[type=file][accept]').first();
const chooser = (page: Page) => page.getByRole('button', { name: /^Repository/ });

async function chooseArchive(page: Page, name: string, bytes: Uint8Array): Promise<void> {
  await archiveInput(page).setInputFiles({
    name,
    mimeType: 'application/octet-stream',
    buffer: Buffer.from(bytes),
  });
}

async function expectNoBarriers(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
}

for (const [kind, name, archive] of [
  ['.zip', 'boats.zip', () => zipOf(boats, { prefix: 'boats-main/' })],
  ['.tar.gz', 'boats.tar.gz', () => tarGzOf(boats)],
] as const) {
  test(`A ${kind} is indexed like its folder, and what is left out is listed`, async ({
    page,
    edge,
  }) => {
    const weir = new WeirPage(page);
    await weir.open(edge.url);
    await chooseArchive(page, name, await archive());
    await expect(page.getByRole('button', { name: 'Repository: boats' })).toBeVisible();
    const leftOut = page.getByRole('group').filter({ hasText: '2 files left out' }).first();
    await expect(leftOut.locator('summary').first()).toHaveText(
      '2 files left out, 1 file converted',
    );
    await leftOut.locator('summary').first().click();
    await leftOut.getByText('1 ignored by .gitignore').click();
    await expect(leftOut.getByText('src/trace.log')).toBeVisible();
    await leftOut.getByText('1 binary').click();
    await expect(leftOut.getByText('assets/boat.png')).toBeVisible();
    await leftOut.getByText('1 converted from Windows-1252').click();
    await expect(leftOut.getByText('notes.txt')).toBeVisible();
    await expectNoBarriers(page);
    await weir.ask('drop anchor');
    await expect(weir.sources).toContainText('src/anchor.ts');
    await expect(leftOut).toHaveCount(0);
  });
}

test('An archive that is dropped on the page is indexed', async ({ page, edge }) => {
  const weir = new WeirPage(page);
  await weir.open(edge.url);
  const bytes = [...(await zipOf(boats))];
  const data = await page.evaluateHandle((content) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([new Uint8Array(content)], 'dropped.zip'));
    return transfer;
  }, bytes);
  await page.dispatchEvent('main', 'dragover', { dataTransfer: data });
  await page.dispatchEvent('main', 'drop', { dataTransfer: data });
  await expect(page.getByRole('button', { name: 'Repository: dropped' })).toBeVisible();
});

test('An archive chosen before the page has started is opened in place of what is offered', async ({
  page,
  edge,
}) => {
  const weir = new WeirPage(page);
  let start = () => undefined as void;
  const started = new Promise<void>((done) => (start = done));
  await page.route('**/weir/index.js', async (route) => {
    await started;
    await route.continue();
  });
  await page.goto(edge.url);
  await chooseArchive(page, 'boats.zip', await zipOf(boats));
  await expect(page.getByRole('progressbar', { name: 'Opening boats' })).toBeVisible();
  start();
  await expect(page.getByText('What would you like to know about boats?')).toBeVisible();
  await weir.ask('drop anchor');
  await expect(weir.sources).toContainText('src/anchor.ts');
});

test('An archive that cannot be read says why, and the open repository stays', async ({
  page,
  edge,
}) => {
  const weir = new WeirPage(page);
  await weir.open(edge.url);
  const before = await chooser(page).textContent();
  await chooseArchive(page, 'broken.zip', text('Rar!'));
  await expect(page.getByRole('alert')).toContainText('no archive that can be read');
  const whole = await tarGzOf(boats);
  await chooseArchive(page, 'cut.tar.gz', whole.subarray(0, whole.length - 20));
  await expect(page.getByRole('alert')).toContainText('damaged or cut off');
  expect(await chooser(page).textContent()).toBe(before);
});

for (const [look, viewport, colorScheme] of [
  ['a wide light screen', { width: 1200, height: 800 }, 'light'],
  ['a dark phone', { width: 390, height: 844 }, 'dark'],
] as const) {
  test.describe(look, () => {
    test.use({ viewport, colorScheme, contextOptions: { reducedMotion: 'reduce' } });

    test(`Kept packs are listed with size and age, and deleted by keyboard, on ${look}`, async ({
      page,
      edge,
    }) => {
      const weir = new WeirPage(page);
      await weir.open(edge.url);
      await page.locator('input[type=file]').first().setInputFiles(repository);
      await whenPacksAreKept(page, ['repository.weir']);
      await chooseArchive(page, 'boats.zip', await zipOf(boats));
      await whenPacksAreKept(page, ['boats.weir', 'repository.weir']);

      await chooser(page).click();
      const kept = page.getByRole('region', { name: 'Kept on this device' });
      await expect(kept).toContainText(/2 packs, \d+ k?B/);
      await expect(kept.getByRole('button', { name: /^boats \d+ k?B · just now$/ })).toBeVisible();
      await expectNoBarriers(page);

      const deleteBoats = kept.getByRole('button', { name: 'Delete boats' });
      await deleteBoats.focus();
      await page.keyboard.press('Enter');
      await expect(deleteBoats).toHaveCount(0);
      await expect(kept.getByRole('button', { name: 'Delete repository' })).toBeFocused();
      expect(await keptPacks(page)).toEqual(['repository.weir']);
      await page.keyboard.press('Enter');
      await expect(kept).toHaveCount(0);
      await expect(
        page.locator('.chooser-panel').getByRole('button', { name: 'Open a folder…' }),
      ).toBeFocused();
      expect(await keptPacks(page)).toEqual([]);
    });
  });
}

test('A pack that was kept days ago says so', async ({ page, edge }) => {
  const weir = new WeirPage(page);
  await weir.open(edge.url);
  await chooseArchive(page, 'boats.zip', await zipOf(boats));
  await expect(page.getByRole('button', { name: 'Repository: boats' })).toBeVisible();
  await page.clock.setFixedTime(Date.now() + 3 * 24 * 3600 * 1000 + 1000);
  await chooser(page).click();
  const kept = page.getByRole('region', { name: 'Kept on this device' });
  await expect(kept.getByRole('button', { name: /^boats .*3 days ago$/ })).toBeVisible();
});
