import {
  type Edge,
  type Provider,
  type Start,
  expect,
  site,
  test,
  WeirPage,
} from './support/house.ts';

const question = 'Where does a ferry moor when the tide is low?';
/** Some seconds of an answer in which no two places are alike. */
const pieces = Array.from({ length: 24 }, (_, at) => `${at} näher 🚢, `);
const whole = pieces.join('').trim();

test('An answer survives the network’s going and coming back, and is never blanked', async ({
  page,
  edge,
  provider,
  start,
}) => {
  provider.script = { pieces, betweenDelay: 120 };
  const proxy = await start.proxy(edge);
  const weir = new WeirPage(page);
  await weir.open(proxy.url);
  await weir.ask(question);
  await expect(weir.text()).toContainText('4 näher');

  proxy.down = true;
  await expect(weir.connection).toHaveText('reconnecting…');
  await expect(weir.answer).toContainText('Reconnecting…');
  await expect(weir.answer).toHaveAttribute('aria-busy', 'true');
  await expect(weir.text()).toContainText('4 näher');
  await expect(page.getByRole('alert')).toHaveCount(0);

  proxy.down = false;
  await weir.answered();
  await expect(weir.text()).toHaveText(whole);
  await expect(weir.connection).toHaveText(/WebSocket|HTTP/);
  await expect(weir.answer).not.toContainText('Reconnecting');
  expect(provider.calls.length).toBe(1);
});

test('A browser that is offline tries nothing, and goes on as soon as it is online', async ({
  page,
  context,
  guard,
  edge,
  provider,
  start,
}) => {
  provider.script = { pieces, betweenDelay: 120 };
  const proxy = await start.proxy(edge);
  proxy.refuseUpgrade = true;
  const weir = new WeirPage(page);
  await weir.open(proxy.url);
  await weir.ask(question);
  await expect(weir.text()).toContainText('4 näher');

  await context.setOffline(true);
  proxy.down = true; // what runs is not touched by the browser's own switch
  proxy.down = false;
  await expect(weir.connection).toHaveText('reconnecting…');
  const tries = () => guard.requests.filter((url) => url.includes('/v1/answers/')).length;
  const triedBefore = tries();
  await page.waitForTimeout(2500);
  expect(tries()).toBe(triedBefore);
  await context.setOffline(false);
  await expect(weir.connection).toHaveText('HTTP', { timeout: 1000 });
  await expect.poll(tries).toBe(triedBefore + 1);
  await weir.answered();
  await expect(weir.text()).toHaveText(whole);
  expect(provider.calls.length).toBe(1);
});

test('An answer that died with its edge keeps its text, says so, and can be asked for again', async ({
  page,
  edge,
  packs,
  provider,
  start,
}) => {
  provider.script = { pieces: ['The words ', 'before.'], hangAfterPieces: true };
  const weir = new WeirPage(page);
  await weir.open(edge.url);
  await weir.ask(question);
  await expect(weir.text()).toHaveText('The words before.');
  await kill(edge);
  await expect(weir.connection).toHaveText('reconnecting…');
  await expect(weir.text()).toHaveText('The words before.');
  await startAgain(edge, { packs, provider, start });

  const alert = weir.answer.getByRole('alert');
  await expect(alert).toContainText('The edge no longer has this answer', { timeout: 15_000 });
  await expect(alert).toContainText('may be billed a second time');
  await expect(weir.text()).toHaveText('The words before.');
  await expect(weir.answer.getByRole('button', { name: 'Copy link' })).toHaveCount(0);

  await page.reload();
  await expect(weir.text()).toHaveText('The words before.');
  await expect(alert).toContainText('may be billed a second time');
  provider.script = { pieces: ['The words of another run.'] };
  await alert.getByRole('button', { name: 'Ask again' }).click();
  await expect(weir.text()).toHaveText('The words of another run.');
  await weir.answered();
  await expect(page.locator('.turn')).toHaveCount(1);
  await expect(page.getByRole('alert')).toHaveCount(0);
  expect(provider.calls.length).toBe(2);
});

test('An answer that its provider breaks off keeps its text', async ({ page, edge, provider }) => {
  provider.script = { pieces: ['Half an ', 'answer, ', 'then', ' nothing'], cutAt: 600 };
  const weir = new WeirPage(page);
  await weir.open(edge.url);
  await weir.ask(question);
  await weir.answered();
  await expect(weir.text()).toContainText('Half an answer');
  await expect(weir.answer.getByRole('alert')).toBeVisible();
  await expect(weir.answer.getByRole('button', { name: 'Try again' })).toBeVisible();
  await page.reload();
  await expect(weir.text()).toContainText('Half an answer');
  await expect(weir.answer.getByRole('button', { name: 'Try again' })).toBeVisible();
});

async function kill(edge: Edge): Promise<void> {
  edge.signal('SIGKILL');
  await edge.exited;
}

interface House {
  packs: string;
  provider: Provider;
  start: Start;
}

/** Where it was, with nothing in its memory. */
async function startAgain({ port }: Edge, { packs, provider, start }: House): Promise<Edge> {
  return start.edge({
    provider,
    listen: `127.0.0.1:${port}`,
    args: ['--site', site, '--packs', packs],
  });
}
