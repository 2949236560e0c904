import type { Page } from '@playwright/test';

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
