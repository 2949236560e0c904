import AxeBuilder from '@axe-core/playwright';

import { byLine, byTool, inTurn } from '../support/research.mjs';
import { type Call, type Provider, WeirPage, expect, pause, test } from './support/house.ts';

const question = 'Where does a ferry moor when the tide is low?';

type Script = object;

/** The provider plays these turns, whichever is asked for. */
function play(provider: Provider, turns: Script[]): void {
  provider.script = (call: Call) => inTurn(turns, call) as object;
}

async function askForResearch(weir: WeirPage): Promise<void> {
  await weir.research.check();
  await weir.ask(question);
}

const whole = [
  byLine('The berth is to be looked at [1].', { queries: ['berth', 'lighthouse lamp'] }),
  byTool('A ferry moors at its **berth** [1].', { done: true, queries: ['wait for the tide'] }),
  { pieces: ['At its berth, ', 'or at anchor [1].'] },
];

test('Research goes through its stages, each with sources of its own, and each can be read', async ({
  page,
  edge,
  provider,
}) => {
  play(provider, whole);
  const weir = new WeirPage(page);
  await weir.open(edge.url);
  await askForResearch(weir);
  await expect(weir.stages.getByRole('button')).toHaveText([/Plan/, /Update 1/, /Conclusion/]);
  await weir.answered();
  await expect(weir.text()).toHaveText('At its berth, or at anchor 1.');
  await expect(weir.stage('Conclusion')).toHaveAttribute('aria-current', 'step');
  await expect(page.getByText('wait for the tide')).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);

  await weir.stage('Update 1').click();
  await expect(weir.text().locator('strong')).toHaveText('berth');
  await expect(weir.sources.getByRole('link').first()).toContainText('berth.ts');
  await expect(page.getByText('lighthouse lamp')).toBeVisible();
  await weir.stage('Plan').click();
  await expect(weir.text()).toHaveText('The berth is to be looked at 1.');
  await expect(weir.answer).not.toContainText('@@research');
  expect(provider.calls.length).toBe(3);
});

test('The newest stage is shown until another is chosen, and Stop ends all of them', async ({
  page,
  edge,
  provider,
}) => {
  const held = pause(1);
  play(provider, [
    byLine('The plan.', { queries: ['berth'] }),
    { ...byLine('Something.', { queries: ['tide'] }), ...held },
    { pieces: ['More'], hangAfterPieces: true },
  ]);
  const weir = new WeirPage(page);
  await weir.open(edge.url);
  await askForResearch(weir);
  await expect(weir.text()).toHaveText('Something.');
  await weir.stage('Plan').click();
  held.letGoOn();
  await expect(weir.stage('Update 2')).toBeVisible();
  await expect(weir.text()).toHaveText('The plan.');
  await weir.stage('Update 2').click();
  await expect(weir.text()).toHaveText('More');

  await weir.stopButton.click();
  await expect(weir.answer).toContainText('Stopped.');
  await expect(weir.stage('Update 2')).toHaveAccessibleName('Update 2, stopped');
  await (
    await provider.call(2)
  ).closed;
  expect(provider.calls.length).toBe(3);
  await expect(weir.askButton).toBeVisible();
});

test('A stage that fails keeps what was found before it', async ({ page, edge, provider }) => {
  play(provider, [
    byLine('The plan.', { queries: ['berth'] }),
    { status: 401, body: { error: { message: 'no', code: 'invalid_api_key' } } },
  ]);
  const weir = new WeirPage(page);
  await weir.open(edge.url);
  await askForResearch(weir);
  await expect(weir.answer.getByRole('alert')).toBeVisible();
  await expect(weir.stage('Update 1')).toHaveAccessibleName('Update 1, failed');
  await weir.stage('Plan').click();
  await expect(weir.text()).toHaveText('The plan.');
});

test('A reload in the middle goes on with the research, and runs nothing twice', async ({
  page,
  edge,
  provider,
}) => {
  const held = pause(1);
  play(provider, [whole[0]!, { ...byLine('A ferry ', { done: true }), ...held }, whole[2]!]);
  const weir = new WeirPage(page);
  await weir.open(edge.url);
  await askForResearch(weir);
  await expect(weir.text()).toHaveText('A ferry');
  await page.reload();
  await expect(weir.stage('Plan')).toHaveAccessibleName('Plan, done');
  await expect(weir.text()).toHaveText('A ferry');
  held.letGoOn();
  await expect(weir.stage('Conclusion')).toHaveAccessibleName('Conclusion, done');
  await expect(weir.text()).toHaveText('At its berth, or at anchor 1.');
  await weir.stage('Plan').click();
  await expect(weir.text()).toHaveText('The berth is to be looked at 1.');
  expect(provider.calls.length).toBe(3);
});

test('The next question has the conclusion for its history', async ({ page, edge, provider }) => {
  play(provider, whole);
  const weir = new WeirPage(page);
  await weir.open(edge.url);
  await askForResearch(weir);
  await weir.answered();
  await expect(weir.stage('Conclusion')).toHaveAccessibleName('Conclusion, done');
  await weir.research.uncheck();
  provider.script = { pieces: ['No.'] };
  await weir.ask('Is that all?');
  await expect(weir.text()).toHaveText('No.');
  const sent = JSON.stringify((await provider.call(3)).json.messages);
  expect(sent).toContain('At its berth, or at anchor [1].');
  expect(sent).not.toContain('The berth is to be looked at');
});

test('A question that brings its own context is not searched for, and says so', async ({
  page,
  edge,
  provider,
}) => {
  provider.script = { pieces: ['Well.'] };
  const weir = new WeirPage(page);
  await weir.open(edge.url);
  await weir.ask('潮汐 ferry; '.repeat(1_660));
  await weir.answered();
  await expect(weir.answer).toContainText('the repository was not searched for it');
  const { messages } = (await provider.call(0)).json;
  expect(messages.at(-1)?.content).not.toContain('<passage');
});
