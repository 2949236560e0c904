import { expect, site, test, WeirPage } from './support/house.ts';

const question = 'Where does a ferry moor when the tide is low?';

test('A question shows its sources at once, then an answer that streams in with its citations', async ({
  page,
  edge,
  provider,
}) => {
  provider.script = {
    pieces: ['At its **berth** ', 'first [1].\n\n', '- then the `anchorage` [2]\n', '\nDone.'],
    firstDelay: 700,
    betweenDelay: 600,
  };
  const weir = new WeirPage(page);
  await weir.open(edge.url);
  await expect(weir.connection).toHaveText('WebSocket');
  await weir.ask(question);

  const first = weir.sources.getByRole('listitem').first();
  await expect(first).toContainText(/\.(ts|md|py):\d+–\d+/);
  await expect(first.locator('mark').first()).toBeVisible();
  await expect(first.locator('.source-facts')).toContainText(/has “[^”]+”/);
  await expect(weir.text()).toBeEmpty();
  await expect(weir.stopButton).toBeVisible();

  await expect(weir.text().locator('strong')).toHaveText('berth');
  await expect(weir.answer).toHaveAttribute('aria-busy', 'true');
  await weir.answered();
  await expect(weir.text().locator('li code')).toHaveText('anchorage');
  await expect(weir.text()).toContainText('Done.');
  const citation = weir.text().getByRole('link', { name: /^Source 1: / });
  const cited = await citation.getAttribute('href');
  expect(cited).toBe(await first.getByRole('link').getAttribute('href'));
  await expect(weir.answer).toContainText('11 tokens in, 7 out');
});

test('An X-ray shows where the time went', async ({ page, edge, provider }) => {
  provider.script = { pieces: ['One ', 'two ', 'three.'], firstDelay: 350, betweenDelay: 200 };
  const weir = new WeirPage(page);
  await weir.open(edge.url);
  await weir.ask(question);
  await weir.answered();
  await weir.answer.getByText('X-ray').click();
  const row = (name: string) => weir.answer.getByRole('row', { name: new RegExp(`^${name}`) });
  await expect(row('Search on this device')).toContainText(/\d+ ms/);
  await expect(row('The model’s first word')).toContainText(/[3-9]\d\d ms/);
  await expect(row('The text')).toContainText(/[4-9]\d\d ms|1\.\d s/);
  const facts = weir.answer.locator('.xray dl');
  await expect(facts).toContainText(/Pauses in the text.*mostly up to \d+ ms, the longest \d+ ms/);
  await expect(facts).toContainText('11 tokens in, 7 out');
  await expect(facts).not.toContainText('Price');
});

test('A question that was asked before says so, and can be asked anew', async ({
  page,
  provider,
  packs,
  start,
}) => {
  const edge = await start.edge({
    provider,
    caches: true,
    args: ['--site', site, '--packs', packs],
  });
  const weir = new WeirPage(page);
  await weir.open(edge.url);
  await weir.ask(question);
  await weir.answered();
  await expect(weir.answer).not.toContainText('asked before');
  await page.getByRole('button', { name: 'New conversation' }).click();
  await weir.ask(question);
  await weir.answered();
  expect(provider.calls).toHaveLength(1);
  await expect(weir.answer).toContainText('The same was asked before');
  await weir.answer.getByText('X-ray').click();
  await expect(weir.answer.locator('.xray dl')).toContainText(/Price\s*nothing/);
  await weir.answer.getByRole('button', { name: 'Ask anew' }).click();
  await weir.answered();
  await expect(weir.answer).not.toContainText('asked before');
  expect(provider.calls).toHaveLength(2);
});

test('A source opens its file at its lines, and Escape or Back closes it', async ({
  page,
  edge,
}) => {
  const weir = new WeirPage(page);
  await weir.open(edge.url);
  await weir.ask('waiting for the water to rise');
  await weir.answered();
  const source = weir.sources.getByRole('link', { name: /tide\.ts/ }).first();
  await source.click();

  await expect(weir.file.getByRole('heading')).toContainText(/src\/tide\.ts\s*lines \d+–\d+ of 9/);
  await expect(weir.file.locator('.file-code')).toContainText('export function waitForTide');
  await expect(weir.file.locator('.hljs-keyword').first()).toBeVisible();
  await expect(weir.file.locator('.file-band')).toBeVisible();
  await expect(weir.file.getByRole('region')).toBeFocused();
  expect(page.url()).toContain('#file=src%2Ftide.ts&lines=');

  await page.keyboard.press('Escape');
  await expect(weir.file).toBeHidden();
  await expect(source).toBeFocused();
  expect(page.url()).not.toContain('#file');

  await source.click();
  await expect(weir.file).toBeVisible();
  await page.goBack();
  await expect(weir.file).toBeHidden();
  await page.goForward();
  await expect(weir.file).toBeVisible();
});

test('A link to a file at its lines opens there', async ({ page, edge }) => {
  await page.goto(`${edge.url}/#file=src%2Flighthouse.py&lines=7-9`);
  const { file } = new WeirPage(page);
  await expect(file.getByRole('heading')).toContainText('lines 7–9');
  await expect(file.locator('.file-code')).toContainText('class Lighthouse');
});

test('Stop ends the answer, keeps its text and closes the provider’s stream', async ({
  page,
  edge,
  provider,
}) => {
  provider.script = { pieces: ['The first words ', 'and more '], hangAfterPieces: true };
  const weir = new WeirPage(page);
  await weir.open(edge.url);
  await weir.ask(question);
  await expect(weir.text()).toContainText('and more');
  await weir.stopButton.click();
  await weir.answered();
  await expect(weir.answer).toContainText('The first words and more');
  await expect(weir.answer).toContainText('Stopped.');
  await expect(weir.askButton).toBeVisible();
  await (
    await provider.call(0)
  ).closed;
});

test('A second question carries the first as history; a new conversation does not', async ({
  page,
  edge,
  provider,
}) => {
  provider.script = { pieces: ['At its berth, ', 'else at anchor.'] };
  const weir = new WeirPage(page);
  await weir.open(edge.url);
  await weir.ask(question);
  await weir.answered();
  await weir.ask('And how long does it wait?');
  await weir.answered();

  const { messages } = (await provider.call(1)).json;
  const sent = JSON.stringify(messages);
  expect(sent).toContain(question);
  expect(sent).toContain('At its berth, else at anchor.');
  await expect(page.getByRole('heading', { name: question })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Answer to question 1' })).toContainText(
    'else at anchor',
  );

  await page.getByRole('button', { name: 'New conversation' }).click();
  await weir.ask('What does the lighthouse do?');
  await weir.answered();
  expect(JSON.stringify((await provider.call(2)).json)).not.toContain('else at anchor.');
});

test('The token meter shows what the edge counted, and no jump between plan and prompt', async ({
  page,
  edge,
  provider,
}) => {
  provider.script = { firstDelay: 1500 };
  const accepted = new Promise<{ prompt_tokens: number; context_tokens: number }>((done) => {
    page.on('websocket', (socket) =>
      socket.on('framereceived', ({ payload }) => {
        const event = JSON.parse(String(payload)) as { type: string };
        if (event.type === 'accepted') done(event as never);
      }),
    );
  });
  const weir = new WeirPage(page);
  await weir.open(edge.url);
  await weir.question.fill(question);
  await expect(weir.tokens).not.toHaveAttribute('aria-valuenow', '0');
  await weir.question.press('Enter');
  const { prompt_tokens, context_tokens } = await accepted;
  await expect(weir.tokens).toHaveAttribute('aria-valuenow', String(prompt_tokens));
  await expect(weir.tokens).toHaveAttribute('aria-valuemax', String(context_tokens));
  await expect(page.getByText(/^\d+ passages sent/)).toBeVisible();
});

test('Shift+Enter starts a line, Enter asks, and an empty question is not asked', async ({
  page,
  edge,
  provider,
}) => {
  const weir = new WeirPage(page);
  await weir.open(edge.url);
  await weir.question.press('Enter');
  await weir.question.pressSequentially('one');
  await weir.question.press('Shift+Enter');
  await weir.question.pressSequentially('two');
  await expect(weir.question).toHaveValue('one\ntwo');
  await weir.question.press('Enter');
  await weir.answered();
  expect(provider.calls.length).toBe(1);
});
