import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';

import { expect, repository, site, test, WeirPage } from './support/house.ts';
import { tarGzOf, text } from '../support/archives.mjs';
import { binaries } from '../support/edge.mjs';
import { FakeForge } from '../support/fake-forge.mjs';

const archive = await tarGzOf(
  [
    { path: 'src/anchor.ts', bytes: text('export function dropAnchor(depth: number) {}\n') },
    { path: 'assets/boat.png', bytes: text('png') },
  ],
  { prefix: 'project-main-0123abc/' },
);

test('A repository is indexed by its address, with a token that is kept nowhere', async ({
  page,
  start,
  packs,
  guard,
}) => {
  test.setTimeout(60_000);
  const forge = await new FakeForge().start();
  forge.script = { archive, token: 'secret-token' };
  const edge = await start.edge({
    args: ['--site', site, '--packs', packs],
    config: { forges: [forge.entry()] },
  });
  const weir = new WeirPage(page);
  await weir.open(edge.url);
  await page.getByRole('button', { name: /^Repository/ }).click();
  const form = page
    .locator('.chooser-panel')
    .getByRole('form', { name: 'Repository by its address' });
  await expect(form).toContainText(`The edge fetches from ${forge.host}`);
  const address = form.getByRole('textbox', { name: 'Repository’s address' });
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);

  // Without a token the forge does not know it.
  await address.fill(`${forge.url}/group/project`);
  await address.press('Enter');
  await expect(page.getByRole('alert')).toContainText('needs an access token');

  await page.getByRole('button', { name: /^Repository/ }).click();
  await address.fill(`${forge.url}/group/project`);
  await form.getByText('Branch, token').click();
  await form.getByRole('textbox', { name: 'Branch, tag or commit' }).fill('v2');
  await form.getByLabel('Access token, for a private repository').fill('secret-token');
  await form.getByRole('button', { name: 'Index', exact: true }).click();
  const name = `${forge.host}/group/project`;
  await expect(page.getByRole('button', { name: `Repository: ${name}` })).toBeVisible();
  await expect(page.getByText('1 file left out')).toBeVisible();
  await weir.ask('drop anchor');
  await expect(weir.sources).toContainText('src/anchor.ts');

  expect(forge.requests.at(-1)).toEqual({
    path: '/api/v4/projects/group%2Fproject/repository/archive.tar.gz?sha=v2',
    authorization: 'Bearer secret-token',
  });
  expect(guard.requests.filter((url) => url.includes('secret'))).toEqual([]);
  const kept = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }));
  expect(kept).not.toContain('secret-token');
  await expect(page.locator('.chooser-panel input[name=token]')).toHaveValue('');

  await page.reload();
  await expect(page.getByRole('button', { name: `Repository: ${name}` })).toBeVisible();
  await forge.stop();
});

test('A kept repository is refreshed from its forge', async ({ page, start, packs }) => {
  const forge = await new FakeForge().start();
  forge.script = { archive };
  const edge = await start.edge({
    args: ['--site', site, '--packs', packs],
    config: { forges: [forge.entry()] },
  });
  const weir = new WeirPage(page);
  await weir.open(edge.url);
  const chooser = page.getByRole('button', { name: /^Repository/ });
  await chooser.click();
  const address = page.getByRole('textbox', { name: 'Repository’s address' });
  await address.fill(`${forge.url}/group/project`);
  await address.press('Enter');
  await expect(page.locator('.chooser-facts')).toContainText('1 file');

  forge.script = {
    archive: await tarGzOf(
      [
        { path: 'src/anchor.ts', bytes: text('export function dropAnchor(depth: number) {}\n') },
        { path: 'src/sail.ts', bytes: text('export function hoistSail() {}\n') },
      ],
      { prefix: 'project-main-4567def/' },
    ),
  };
  await chooser.click();
  await page.getByRole('button', { name: `Refresh ${forge.host}/group/project` }).click();
  await expect(page.locator('.chooser-facts')).toContainText('2 files');
  await weir.ask('hoist sail');
  await expect(weir.sources).toContainText('src/sail.ts');
  await chooser.click();
  await expect(page.getByRole('button', { name: /^Refresh / })).toHaveCount(1);
  await forge.stop();
});

test('A newer version of what is open is offered', async ({ page, start }) => {
  const folder = mkdtempSync(join(tmpdir(), 'weir-offers-'));
  const offer = (commit: string) =>
    execFileSync(join(binaries, 'weir'), ['index', repository, '-o', join(folder, 'tide.weir'), '--commit', commit], { stdio: 'pipe' }); // prettier-ignore
  const [older, newer] = ['a'.repeat(40), 'b'.repeat(40)] as const;
  const config = join(folder, 'config.json');
  writeFileSync(config, '{}');
  try {
    offer(older);
    const args = ['--config', config, '--site', site, '--packs', folder];
    const edge = await start.edge({ args });
    const weir = new WeirPage(page);
    await weir.open(edge.url);
    const facts = page.locator('.chooser-facts');
    await expect(facts).toContainText(older.slice(0, 7));
    await weir.ask('longest wait');
    await expect(weir.sources).toContainText('tide.ts');
    offer(newer);
    edge.signal('SIGHUP');
    await expect(async () => {
      await page.getByRole('button', { name: /^Repository/ }).click();
      await page.getByRole('button', { name: /new version/ }).click({ timeout: 2000 });
    }).toPass();
    await expect(facts).toContainText(newer.slice(0, 7));
    await expect(page.getByRole('heading', { name: 'longest wait' })).toBeVisible();
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('Where no edge can fetch repositories, none are offered by their address', async ({
  page,
  start,
}) => {
  const edge = await start.edge({ args: ['--site', site], config: { forges: [] } });
  await page.goto(edge.url);
  await expect(page.getByRole('heading', { name: 'Open a repository to ask about' })).toBeVisible();
  await expect(page.getByRole('form')).toHaveCount(0);
});
