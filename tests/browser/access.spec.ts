import { expect, site, test, WeirPage } from './support/house.ts';

const access = { mode: 'codes', codes: [{ name: 'readers', code: 'correct horse', packs: ['*'] }] };

test('An edge that wants a code has the page ask for it, once', async ({
  page,
  packs,
  provider,
  start,
}) => {
  const args = ['--site', site, '--packs', packs];
  const edge = await start.edge({ provider, args, config: { access } });
  const weir = new WeirPage(page);
  await weir.open(edge.url);
  await weir.ask('Where does a ferry moor?');
  await weir.answered();
  await expect(weir.answer.getByRole('alert')).toContainText('This edge wants a code.');
  const code = weir.answer.getByLabel('Code');

  await code.fill('wrong horse');
  await code.press('Enter');
  await expect(weir.answer.getByRole('alert')).toContainText('The code is wrong.');

  await code.fill('correct horse');
  await weir.answer.getByRole('button', { name: 'Use it' }).click();
  await expect(weir.text()).toContainText('The answer is in');

  await page.reload();
  await expect(weir.connection).toHaveText('WebSocket');
  await weir.ask('And where does it sleep?');
  await expect.poll(() => provider.calls.length).toBe(2);
  await weir.answered();
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('A private repository is offered to who has its code', async ({ page, packs, start }) => {
  const edge = await start.edge({
    args: ['--site', site, '--packs', packs],
    config: { access, private_packs: ['harbour.weir'] },
  });
  await page.goto(edge.url);
  await expect(page.getByRole('button', { name: /Choose a repository/ })).toBeVisible();
  await page.evaluate(() => sessionStorage.setItem('weir-access', 'correct horse'));
  await page.reload();
  await new WeirPage(page).ready();
  await expect(page.getByRole('button', { name: /^Repository: / })).not.toContainText('Choose');
});
