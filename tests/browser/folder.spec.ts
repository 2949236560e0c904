import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, repository, test, WeirPage } from './support/house.ts';
import { whenPacksAreKept } from './support/kept.ts';

test('A folder chosen through the folder input is indexed, kept, and offered on the next visit', async ({
  page,
  edge,
}) => {
  const weir = new WeirPage(page);
  await weir.open(edge.url);
  await page.locator('input[type=file]').first().setInputFiles(repository);
  const chooser = page.getByRole('button', { name: /^Repository: repository/ });
  await expect(chooser).toBeVisible();
  await whenPacksAreKept(page, ['repository.weir']); // what was open before has this name, too
  await weir.ask('What does the lighthouse flash?');
  await expect(weir.sources).toContainText('lighthouse.py');

  await page.getByRole('button', { name: 'New conversation' }).click();
  await page.reload();
  await weir.ready();
  await expect(chooser).toBeVisible();
  await chooser.click();
  const panel = page.locator('.chooser-panel');
  await expect(panel.getByRole('heading', { name: 'Kept on this device' })).toBeVisible();
  await panel.getByRole('button', { name: 'Delete repository' }).click();
  await expect(panel.getByRole('heading', { name: 'Kept on this device' })).toBeHidden();
  await page.reload();
  await weir.ready();
  await chooser.click();
  await expect(panel.getByRole('heading', { name: 'Repositories' })).toBeVisible();
  await expect(panel.getByRole('heading', { name: 'Kept on this device' })).toHaveCount(0);
});

test('A folder chosen through the browser’s folder dialog is indexed', async ({ page, edge }) => {
  // A folder of the origin's own storage stands in for one that a person would choose.
  await page.addInitScript(() => {
    Object.assign(window, {
      showDirectoryPicker: async () => {
        const root = await navigator.storage.getDirectory();
        const folder = await root.getDirectoryHandle('workshop', { create: true });
        const inner = await folder.getDirectoryHandle('lib', { create: true });
        const file = await inner.getFileHandle('anvil.py', { create: true });
        const writable = await file.createWritable();
        await writable.write('def strike_anvil(times):\n    """Strikes the anvil."""\n');
        await writable.close();
        return folder;
      },
    });
  });
  const weir = new WeirPage(page);
  await weir.open(edge.url);
  await page.getByRole('button', { name: /^Repository/ }).click();
  await page.getByRole('button', { name: 'Open a folder…' }).click();
  await expect(page.getByRole('button', { name: /^Repository: workshop/ })).toBeVisible();
  await weir.ask('strike anvil');
  await expect(weir.sources).toContainText('lib/anvil.py');
});

test('Indexing shows its progress and can be cancelled', async ({ page, start }) => {
  const folder = mkdtempSync(join(tmpdir(), 'weir-large-'));
  mkdirSync(join(folder, 'src'));
  for (let file = 0; file < 240; file++) {
    const lines = Array.from(
      { length: 9000 },
      (_, line) => `value_${file}_${line} = compute(${line}) # step`,
    );
    writeFileSync(join(folder, 'src', `module_${file}.py`), lines.join('\n'));
  }
  const plain = await start.plainSite('/');
  await page.goto(plain.url);
  await expect(page.getByRole('heading', { name: 'Open a repository to ask about' })).toBeVisible();
  await page.locator('input[type=file]').first().setInputFiles(folder);
  const progress = page.getByRole('region', { name: 'Progress' });
  await expect(progress).toContainText(/[\d,]+ of 240 files · .+ passages/);
  await expect(progress).toContainText(/ · (?:about \d+ (?:seconds|minutes)|a few seconds) left/);
  await expect(progress.getByRole('progressbar')).toHaveAttribute('value', /^0\.\d+$/);
  await progress.getByRole('button', { name: 'Cancel' }).click();
  await expect(progress).toBeHidden();
  await expect(page.getByRole('heading', { name: 'Open a repository to ask about' })).toBeVisible();
  await expect(page.getByRole('alert')).toHaveCount(0);
  rmSync(folder, { recursive: true });
});

for (const [look, viewport, colorScheme] of [
  ['a wide light screen', { width: 1200, height: 800 }, 'light'],
  ['a dark phone', { width: 390, height: 844 }, 'dark'],
] as const) {
  test.describe(look, () => {
    test.use({ viewport, colorScheme, contextOptions: { reducedMotion: 'reduce' } });

    test(`A kept folder is refreshed from where it lies, on ${look}`, async ({
      page,
      edge,
    }, testInfo) => {
      await page.addInitScript(() => {
        const workshop = async () => {
          const root = await navigator.storage.getDirectory();
          return root.getDirectoryHandle('workshop', { create: true });
        };
        const write = async (name: string, text: string) => {
          const file = await (await workshop()).getFileHandle(name, { create: true });
          const writable = await file.createWritable();
          await writable.write(text);
          await writable.close();
        };
        Object.assign(window, { showDirectoryPicker: workshop, write });
      });
      const write = (name: string, text: string) =>
        page.evaluate(
          ([file, content]) =>
            (window as unknown as { write(name: string, text: string): Promise<void> }).write(
              file!,
              content!,
            ),
          [name, text],
        );
      const weir = new WeirPage(page);
      await weir.open(edge.url);
      await write('anvil.py', 'def strike_anvil(times):\n    """Strikes the anvil."""\n');
      await write('notes.md', '# Workshop\n\nWhere the bellows hang.\n');
      const chooser = page.getByRole('button', { name: /^Repository/ });
      await chooser.click();
      await page.getByRole('button', { name: 'Open a folder…' }).click();
      await expect(page.getByText('What would you like to know about workshop?')).toBeVisible();

      await write('tongs.py', 'def grip_tongs(iron):\n    """Grips the iron."""\n');
      await page.reload();
      await weir.ready();
      await weir.ask('strike anvil');
      await expect(weir.sources).toContainText('anvil.py');
      await chooser.click();
      const refresh = page.getByRole('button', { name: 'Refresh workshop' });
      await expect(refresh).toBeVisible();
      await page.screenshot({ path: testInfo.outputPath('refresh.png') });
      await refresh.click();
      await expect(page.locator('.chooser-panel')).toBeHidden();
      await expect(page.locator('.chooser-facts')).toContainText('3 files');
      // The conversation goes on with what is there now.
      await expect(page.getByRole('heading', { name: 'strike anvil' })).toBeVisible();
      await weir.ask('grip tongs');
      await expect(weir.sources.last()).toContainText('tongs.py');
    });
  });
}
