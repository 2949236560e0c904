import AxeBuilder from '@axe-core/playwright';

import { expect, site, test, WeirPage } from './support/house.ts';
import { tarGzOf, text } from '../support/archives.mjs';
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

test('Where no edge can fetch repositories, none are offered by their address', async ({
  page,
  start,
}) => {
  const edge = await start.edge({ args: ['--site', site], config: { forges: [] } });
  await page.goto(edge.url);
  await expect(page.getByRole('heading', { name: 'Open a repository to ask about' })).toBeVisible();
  await expect(page.getByRole('form')).toHaveCount(0);
});
