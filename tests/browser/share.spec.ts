import { expect, test, WeirPage } from './support/house.ts';

const question = 'Where does a ferry moor when the tide is low?';
const pieces = Array.from({ length: 16 }, (_, at) => `${at} näher [1] 🚢, `);

test('A copied link shows the answer to another person: live, whole, and read-only', async ({
  page,
  context,
  browser,
  edge,
  provider,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  provider.script = { pieces, betweenDelay: 100, hangAfterPieces: true };
  const weir = new WeirPage(page);
  await weir.open(edge.url);
  await weir.ask(question);
  await expect(weir.text()).toContainText('2 näher');
  const copy = weir.answer.getByRole('button', { name: 'Copy link' });
  await expect(copy).toHaveAccessibleDescription(/Whoever has the link can read this answer/);
  await copy.press('Enter');
  await expect(weir.answer).toContainText('Copied.');
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toMatch(new RegExp(`^${edge.url}/#answer=[0-9a-f]{32}$`));

  const stranger = await browser.newContext();
  const other = new WeirPage(await stranger.newPage());
  await other.page.goto(link);
  await expect(other.page.getByRole('heading', { name: 'A shared answer' })).toBeVisible();
  await expect(other.text()).toContainText('2 näher');
  await expect(other.answer).toHaveAttribute('aria-busy', 'true');
  await expect(other.page.getByText('read-only')).toBeVisible();
  for (const part of [other.question, other.stopButton, other.askButton]) {
    await expect(part).toHaveCount(0);
  }
  await expect(other.answer.getByRole('button')).toHaveCount(0);
  await expect(other.page.locator('body')).not.toContainText(question);

  await expect(other.text()).toContainText('15 näher');
  await weir.stopButton.click();
  await weir.answered();
  await other.answered();
  await expect(other.answer).toContainText('Stopped.');
  expect(await other.text().innerText()).toBe(await weir.text().innerText());
  expect(provider.calls.length).toBe(1);

  await other.sources.getByRole('link').first().click();
  await expect(other.file.locator('.file-code')).not.toBeEmpty();
  expect(other.page.url()).toContain(new URL(link).hash);
  await other.page.keyboard.press('Escape');
  await expect(other.file).toBeHidden();
  expect(other.page.url()).toBe(link);

  await other.page.reload();
  await other.answered();
  await expect(other.text()).toContainText('15 näher');
  await other.page.getByRole('button', { name: 'Ask a question of your own' }).click();
  await other.ready();
  await other.page.goBack();
  await expect(other.text()).toContainText('15 näher');
  await stranger.close();
});

test('A link to an answer that is gone says so', async ({ page, edge }) => {
  const weir = new WeirPage(page);
  await page.goto(`${edge.url}/#answer=${'0'.repeat(32)}`);
  await expect(weir.answer.getByRole('alert')).toContainText('There is no such answer here.');
  await expect(weir.answer.getByRole('button')).toHaveCount(0);
  await page.goto(`${edge.url}/#answer=torn`);
  await expect(weir.answer.getByRole('alert')).toContainText('not 32 hexadecimal digits');
});

test('Where the clipboard is not allowed, the link is there to be copied by hand', async ({
  page,
  edge,
}) => {
  await page.addInitScript(() => {
    Object.defineProperty(navigator, 'clipboard', { value: undefined });
  });
  const weir = new WeirPage(page);
  await weir.open(edge.url);
  await weir.ask(question);
  await weir.answered();
  await weir.answer.getByRole('button', { name: 'Copy link' }).click();
  const link = weir.answer.getByRole('textbox', { name: 'Link to the answer' });
  await expect(link).toBeFocused();
  await expect(link).toHaveValue(/#answer=[0-9a-f]{32}$/);
});
