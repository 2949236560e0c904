import { expect, site, test, WeirPage } from './support/house.ts';

test('A provider that refuses the key is told plainly, and no secret with it', async ({
  page,
  edge,
  provider,
}) => {
  provider.script = {
    status: 401,
    body: { error: { message: 'Incorrect API key provided: sk-test-secret', type: 'auth' } },
  };
  const weir = new WeirPage(page);
  await weir.open(edge.url);
  await weir.ask('Where does a ferry moor?');
  await weir.answered();
  await expect(weir.answer.getByRole('alert')).toContainText(/key/i);
  await expect(page.locator('body')).not.toContainText('sk-test-secret');
  await expect(weir.sources.getByRole('listitem').first()).toBeVisible();
});

test('A failed answer can be tried again in its place', async ({ page, edge, provider }) => {
  let failures = 0;
  provider.script = () => {
    if (provider.calls.length > failures) failures = provider.calls.length;
    return provider.calls.length <= 4 ? { pieces: ['Half an '], cutAt: 260 } : { pieces: ['All.'] };
  };
  const weir = new WeirPage(page);
  await weir.open(edge.url);
  await weir.ask('Where does a ferry moor?');
  await weir.answered();
  provider.script = { pieces: ['A whole answer.'] };
  const again = weir.answer.getByRole('button', { name: 'Try again' });
  await expect(again).toBeVisible();
  await again.click();
  await expect(weir.text()).toHaveText('A whole answer.');
  await expect(page.locator('.turn')).toHaveCount(1);
});

test('Without a provider the page says that answers are extracts, and how to have a model', async ({
  page,
  packs,
  start,
}) => {
  const edge = await start.edge({ args: ['--site', site, '--packs', packs] });
  const weir = new WeirPage(page);
  await weir.open(edge.url);
  await expect(page.getByRole('note')).toContainText('No model answers here');
  await expect(page.getByRole('note')).toContainText('OPENAI_API_KEY=… npm start');
  await weir.ask('Where does a ferry moor?');
  await weir.answered();
  await expect(
    weir
      .text()
      .getByRole('link', { name: /^Source 1: / })
      .first(),
  ).toBeVisible();
  await expect(weir.answer).toContainText('without a model');
});

test('A damaged pack is told plainly', async ({ page, edge }) => {
  await page.route('**/packs/harbour.weir', (route) =>
    route.fulfill({ body: 'this is no pack at all' }),
  );
  await page.goto(edge.url);
  await expect(page.getByRole('alert')).toContainText(/pack/i);
});
