import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { type Call, WeirPage, expect, repository, site, test } from './support/house.ts';
import { binaries } from '../support/edge.mjs';
import { embeddings } from '../support/fake-embeddings.mjs';

/** Answers a call for embeddings, and is silent about it where it is told to. */
const script =
  (embeds: boolean) =>
  (call: Call): object => {
    if (!('input' in call.json)) return {};
    return embeds ? embeddings(call) : { status: 503, body: {} };
  };

test('A question to a pack with embeddings is embedded by its model, or compared here', async ({
  page,
  provider,
  start,
}) => {
  const folder = mkdtempSync(join(tmpdir(), 'weir-browser-embed-'));
  try {
    provider.script = script(true);
    const { baseUrl } = provider as unknown as { baseUrl: string };
    await promisify(execFile)(
      join(binaries, 'weir'),
      ['index', repository, '-o', join(folder, 'harbour.weir'), '--embed', 'openai:small', '--yes'],
      { env: { ...process.env, OPENAI_BASE_URL: baseUrl, OPENAI_API_KEY: 'sk-test' } },
    );
    const edge = await start.edge({ provider, args: ['--site', site, '--packs', folder] });
    const weir = new WeirPage(page);
    await weir.open(edge.url);
    const facts = weir.answer.locator('.xray dl').last();
    const ask = async (question: string) => {
      await weir.ask(question);
      await weir.answered();
      await weir.answer.getByText('X-ray').last().click();
    };

    await ask('Where does a ferry moor?');
    await expect(facts).toContainText('by the model of the pack’s embeddings');
    provider.script = script(false);
    await ask('And where does it sleep?');
    await expect(facts).toContainText('on this device: the pack’s model could not be asked');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
