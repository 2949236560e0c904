import { defineConfig } from '@playwright/test';

import { launchOptions } from '../support/chromium.mjs';

export default defineConfig({
  testDir: '.',
  outputDir: './results',
  workers: 1,
  fullyParallel: false,
  forbidOnly: Boolean(process.env['CI']),
  timeout: 30_000,
  // Reported as flaky: a browser on a busy machine may lose a page.
  retries: process.env['CI'] ? 1 : 0,
  expect: { timeout: 8_000 },
  reporter: [['list']],
  use: {
    headless: true,
    viewport: { width: 1200, height: 800 },
    trace: 'retain-on-failure',
    launchOptions,
  },
});
