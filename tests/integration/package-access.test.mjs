// The npm package against an edge that wants to know who asks, over HTTP and over a WebSocket.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { BrowserWebSocket } from '../support/browser-websocket.mjs';
import { binaries, startEdge } from '../support/edge.mjs';
import { startProvider } from '../support/fake-provider.mjs';
import { question } from '../support/http-client.mjs';
import { eventsOf, load } from '../support/package.mjs';

const { createWeir } = await load();

let folder;
let provider;
let edge;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'weir-package-access-'));
  mkdirSync(join(folder, 'sources'));
  mkdirSync(join(folder, 'packs'));
  writeFileSync(join(folder, 'sources/plan.c'), 'int hidden_plan(void) { return 7; }\n');
  const pack = join(folder, 'packs/secret.weir');
  execFileSync(join(binaries, 'weir'), ['index', join(folder, 'sources'), '-o', pack]);
  provider = await startProvider();
  const codes = [{ name: 'members', code: 'members only', packs: ['*'] }];
  edge = await startEdge({
    provider,
    config: { access: { mode: 'codes', codes }, private_packs: ['secret.weir'] },
    args: ['--packs', join(folder, 'packs')],
  });
});
after(async () => {
  assert.equal(await edge?.stop(), 0);
  await provider?.stop();
  rmSync(folder, { recursive: true });
});

async function endOf(weir) {
  return (await eventsOf(weir.ask(question()))).at(-1);
}

for (const transport of ['HTTP', 'a WebSocket']) {
  describe(`access over ${transport}`, () => {
    before(() => {
      if (transport !== 'HTTP') globalThis.WebSocket = BrowserWebSocket;
    });
    after(() => delete globalThis.WebSocket);

    async function withWeir(access, work) {
      const weir = await createWeir({ edge: edge.url, access });
      try {
        await work(weir);
        const { status } = await weir.connection();
        assert.equal(status, transport === 'HTTP' ? 'http' : 'websocket');
      } finally {
        weir.dispose();
      }
    }

    test('lets in who has a code', () =>
      withWeir('members only', async (weir) => assert.equal((await endOf(weir)).type, 'done')));

    test('ends an answer with unauthorized where there is none, or a wrong one', async () => {
      for (const access of [undefined, 'guests only']) {
        await withWeir(access, async (weir) => {
          const end = await endOf(weir);
          assert.deepEqual([end.type, end.code], ['error', 'unauthorized']);
        });
      }
    });

    test('asks for it before each question', async () => {
      const given = ['wrong', 'members only', 'wrong again'];
      await withWeir(
        async () => given.shift(),
        async (weir) => {
          assert.equal((await endOf(weir)).code, 'unauthorized');
          assert.equal((await endOf(weir)).type, 'done');
          assert.equal((await endOf(weir)).code, 'unauthorized');
        },
      );
    });

    test('ends an answer where it cannot be had', () =>
      withWeir('members only', async (weir) => {
        await endOf(weir);
        const broken = await createWeir({
          edge: edge.url,
          access: () => Promise.reject(new Error('signed out')),
        });
        assert.match((await endOf(broken)).message, /signed out/);
        broken.dispose();
      }));

    test('fetches packs with it', () =>
      withWeir('members only', async (weir) => {
        await endOf(weir);
        const pack = await weir.openPack(`${edge.url}/packs/secret.weir`);
        assert.deepEqual(await pack.paths(), ['plan.c']);
        const stranger = await createWeir({ edge: edge.url });
        await assert.rejects(stranger.openPack(`${edge.url}/packs/secret.weir`));
        stranger.dispose();
      }));
  });
}
