import type { Page } from '@playwright/test';

import { expect, test, WeirPage } from './support/house.ts';

const question = 'Where does a ferry moor when the tide is low?';
const pieces = Array.from({ length: 24 }, (_, at) => `${at} näher 🚢, `);
const whole = pieces.join('').trim();

for (const transport of ['WebSocket', 'HTTP']) {
  test(`A reload in the middle of an answer over ${transport} comes back to it, each character once`, async ({
    page,
    edge,
    provider,
    start,
  }) => {
    provider.script = { pieces, betweenDelay: 100 };
    const proxy = await start.proxy(edge);
    proxy.refuseUpgrade = transport === 'HTTP';
    const weir = new WeirPage(page);
    await weir.open(proxy.url);
    await weir.ask(question);
    for (const seen of ['3 näher', '10 näher']) {
      await expect(weir.text()).toContainText(seen);
      await page.reload();
      await expect(weir.text()).toContainText(seen, { timeout: 1000 });
      await expect(page.getByRole('heading', { name: question })).toBeVisible();
      await expect(weir.sources.locator('mark').first()).toBeVisible();
    }
    await weir.answered();
    await expect(weir.text()).toHaveText(whole);
    await expect(weir.answer).toContainText('11 tokens in, 7 out');
    await expect(weir.answer.getByRole('alert')).toHaveCount(0);
    expect(provider.calls.length).toBe(1);
  });
}

test('What was read is there at once, before anything of the network has answered', async ({
  page,
  edge,
  provider,
  start,
}) => {
  provider.script = { pieces: ['Read ', 'before.'], hangAfterPieces: true };
  const proxy = await start.proxy(edge);
  const weir = new WeirPage(page);
  await weir.open(proxy.url);
  await weir.ask(question);
  await expect(weir.text()).toHaveText('Read before.');
  await page.route('**/weir.json', () => undefined); // never answers
  await page.reload();
  await expect(weir.text()).toHaveText('Read before.', { timeout: 1000 });
  await expect(weir.stopButton).toBeVisible();
});

test('A reload before anything of the answer has come asks nobody twice', async ({
  page,
  edge,
  provider,
  start,
}) => {
  provider.script = { headDelay: 2500, pieces: ['Worth ', 'waiting for.'] };
  const proxy = await start.proxy(edge);
  const weir = new WeirPage(page);
  await weir.open(proxy.url);
  await expect(weir.connection).toHaveText('WebSocket');
  proxy.mute = true; // not even the answer's id comes
  await weir.ask(question);
  await provider.call(0);
  proxy.mute = false;
  for (let reloads = 0; reloads < 2; reloads++) {
    await page.reload();
    await expect(page.getByRole('heading', { name: question })).toBeVisible();
    await expect(weir.answer).toContainText('Waiting for the answer…');
  }
  await weir.answered();
  await expect(weir.text()).toHaveText('Worth waiting for.');
  expect(provider.calls.length).toBe(1);
});

test('A second tab goes on with a running answer, and Stop in it stops both', async ({
  page,
  context,
  edge,
  provider,
}) => {
  provider.script = { pieces: ['Both ', 'tabs ', 'read.'], hangAfterPieces: true };
  const first = new WeirPage(page);
  await first.open(edge.url);
  await first.ask(question);
  await expect(first.text()).toHaveText('Both tabs read.');

  const second = new WeirPage(await context.newPage());
  await second.page.goto(edge.url);
  await expect(second.page.getByRole('heading', { name: question })).toBeVisible();
  await expect(second.text()).toHaveText('Both tabs read.');
  await expect(second.connection).toHaveText('WebSocket');
  await second.stopButton.click();
  await (
    await provider.call(0)
  ).closed;
  for (const weir of [first, second]) {
    await expect(weir.answer).toContainText('Stopped.', { timeout: 2000 });
    await expect(weir.text()).toHaveText('Both tabs read.');
    await expect(weir.askButton).toBeVisible();
  }
  expect(provider.calls.length).toBe(1);
});

test('Stop in another tab reaches an answer before its first token', async ({
  page,
  context,
  edge,
  provider,
}) => {
  provider.script = { hang: true };
  const first = new WeirPage(page);
  await first.open(edge.url);
  await first.ask(question);
  await provider.call(0);
  const second = new WeirPage(await context.newPage());
  await second.page.goto(edge.url);
  await expect(second.connection).toHaveText('WebSocket');
  await second.stopButton.click();
  await (
    await provider.call(0)
  ).closed;
  for (const weir of [first, second]) await expect(weir.answer).toContainText('Stopped.');
});

test('Tabs with one conversation see each other’s questions; a new conversation leaves the other tab alone', async ({
  page,
  context,
  edge,
  provider,
}) => {
  provider.script = { pieces, betweenDelay: 60 };
  const first = new WeirPage(page);
  await first.open(edge.url);
  await first.ask(question);
  await expect(first.text()).toContainText('2 näher');
  const second = new WeirPage(await context.newPage());
  await second.page.goto(edge.url);
  await expect(second.text()).toContainText('2 näher');
  await second.answered();
  await expect(second.text()).toHaveText(whole);

  await second.ask('And how long does it wait?');
  await expect(
    first.page.getByRole('heading', { name: 'And how long does it wait?' }),
  ).toBeVisible();
  await expect(first.text()).toContainText('2 näher');
  await second.page.getByRole('button', { name: 'New conversation' }).click();
  await second.ready();
  await first.answered();
  await expect(first.text()).toHaveText(whole);
  expect(provider.calls.length).toBe(2);

  await second.page.reload();
  await second.ready();
  expect(await kept(page)).toBe(2);
  await page.getByRole('button', { name: 'New conversation' }).click();
  await expect.poll(() => kept(page)).toBe(0);
});

test('A new conversation stops the answer of the one before, and keeps nothing of it', async ({
  page,
  edge,
  provider,
}) => {
  provider.script = { pieces: ['Not ', 'for long.'], hangAfterPieces: true };
  const weir = new WeirPage(page);
  await weir.open(edge.url);
  await weir.ask(question);
  await expect(weir.text()).toHaveText('Not for long.');
  await expect(page.getByText('keeps the conversation for a day')).toBeVisible();
  await page.getByRole('button', { name: 'New conversation' }).click();
  await (
    await provider.call(0)
  ).closed;
  await page.waitForTimeout(500);
  expect(await kept(page)).toBe(0);
  await page.reload();
  await weir.ready();
});

test('A conversation is there after a reload, and goes on with its history', async ({
  page,
  edge,
  provider,
}) => {
  provider.script = { pieces: ['At its berth.'] };
  const weir = new WeirPage(page);
  await weir.open(edge.url);
  await weir.ask(question);
  await weir.answered();
  await page.reload();
  await expect(weir.text()).toHaveText('At its berth.');
  await expect(weir.sources.locator('mark').first()).toBeVisible();
  await weir.sources.getByRole('link').first().click();
  await expect(weir.file.locator('.file-code')).not.toBeEmpty();
  await page.keyboard.press('Escape');
  await weir.ask('And then?');
  await weir.answered();
  expect(JSON.stringify((await provider.call(1)).json)).toContain('At its berth.');
  await expect(page.locator('.turn')).toHaveCount(2);
});

for (const [where, spoil] of [
  ['refuses to be used', refuseStorage],
  ['is full', fillStorage],
] as const) {
  test(`Where the browser’s storage ${where}, the page works without`, async ({
    page,
    edge,
    provider,
  }) => {
    provider.script = { pieces: ['Without ', 'storage.'] };
    await page.addInitScript(spoil);
    const weir = new WeirPage(page);
    await weir.open(edge.url);
    await weir.ask(question);
    await weir.answered();
    await expect(weir.text()).toHaveText('Without storage.');
    await expect(page.getByText('keeps the conversation')).toHaveCount(0);
    await page.getByRole('button', { name: 'New conversation' }).click();
    await weir.ready();
  });
}

function refuseStorage(): void {
  for (const name of ['localStorage', 'sessionStorage']) {
    Object.defineProperty(window, name, {
      get: () => {
        throw new DOMException('denied', 'SecurityError');
      },
    });
  }
}

function fillStorage(): void {
  Storage.prototype.setItem = () => {
    throw new DOMException('full', 'QuotaExceededError');
  };
}

/** Turns in the browser's storage. */
function kept(page: Page): Promise<number> {
  return page.evaluate(
    () => Object.keys(localStorage).filter((name) => name.startsWith('weir.turn')).length,
  );
}
