import { type Page, expect } from '@playwright/test';

/** Waits until the service worker has kept the page, and the page its pack. */
export async function whenKept(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    for (let tries = 0; tries < 100; tries++) {
      const packs = await (await caches.open('weir-packs')).keys();
      if (packs.length > 0 && navigator.serviceWorker.controller) return;
      await new Promise((done) => setTimeout(done, 100));
    }
    throw new Error('the page was not kept');
  });
}

/** The files of packs that were indexed here and kept, in the origin's private file system. */
export function keptPacks(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle('weir-packs', { create: true });
    const names = [];
    for await (const name of folder.keys()) names.push(name);
    return names.sort();
  });
}

/** Waits until these are there, and the newest is open: that comes right behind. */
export async function whenPacksAreKept(page: Page, names: string[]): Promise<void> {
  await expect.poll(() => keptPacks(page)).toEqual(names);
  await expect(page.getByRole('region', { name: 'Progress' })).toBeHidden();
}
