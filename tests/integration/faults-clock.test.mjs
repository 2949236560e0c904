// The wall clock jumps: what has a date goes by it, and no wait does.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { binaries, startEdge } from '../support/edge.mjs';
import { startProvider } from '../support/fake-provider.mjs';
import { startWitness, witnessScript } from '../support/faults.mjs';
import { allEvents, postAnswer, question } from '../support/http-client.mjs';
import { startRawProvider } from '../support/raw-provider.mjs';
import { newKey, signed } from '../support/tokens.mjs';
import { connect } from '../support/websocket.mjs';

const day = 24 * 3600; // s
const key = newKey('ES256', 'es');

describe('a wall clock that jumps', { timeout: 30_000 }, () => {
  let folder;
  let silent;
  let provider;
  let edge;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'weir-clock-'));
    jumpTo(0);
    writeFileSync(join(folder, 'keys.json'), JSON.stringify({ keys: [key.jwk] }));
    provider = await startProvider(witnessScript);
    silent = await startRawProvider(() => {});
    edge = await startEdge({
      provider,
      config: { access: { mode: 'tokens', keys: join(folder, 'keys.json'), issuer: 'https://issuer.example', audience: 'weir' } }, // prettier-ignore
      limits: { provider: { first_byte: 1 }, recovery: { retries: 0 } },
      env: {
        OPENROUTER_BASE_URL: silent.baseUrl,
        OPENROUTER_API_KEY: 'sk-test-secret',
        LD_PRELOAD: join(binaries, 'wall_clock.so'),
        WALL_CLOCK: join(folder, 'clock'),
        ASAN_OPTIONS: `${process.env.ASAN_OPTIONS ?? ''}:verify_asan_link_order=0`,
      },
    });
  });
  after(async () => {
    assert.equal(await edge?.stop(), 0);
    for (const each of [provider, silent]) await each?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The edge's clock, in seconds beside the machine's. */
  function jumpTo(seconds) {
    writeFileSync(join(folder, 'clock'), `${seconds}\n`);
  }

  const token = () => {
    const exp = Math.floor(Date.now() / 1000) + 3600;
    return signed(key, { iss: 'https://issuer.example', aud: 'weir', sub: 'somebody', exp });
  };
  const headers = { authorization: `Bearer ${token()}` };
  const ask = (request) => postAnswer(edge.url, { headers, request });

  test('ends tokens by their date', async () => {
    const status = async () => {
      const response = await ask(question('Why?', { provider: 'extract' }));
      response.resume();
      return response.statusCode;
    };
    assert.equal(await status(), 200);
    jumpTo(day);
    assert.equal(await status(), 401);
    jumpTo(-day);
    assert.equal(await status(), 200);
    jumpTo(0);
  });

  for (const seconds of [day, -day]) {
    test(`by ${seconds} s changes no stream, no connection and no wait`, async () => {
      const witness = await startWitness(edge, { headers });
      const quiet = await connect(`${edge.url}/v1/socket`);
      const since = performance.now();
      const waiting = await ask(question('Why?', { provider: 'openrouter' }));
      jumpTo(seconds);
      const last = (await allEvents(waiting)).at(-1);
      const waited = performance.now() - since;
      assert.equal(last.code, 'provider_timeout');
      assert.ok(waited > 900 && waited < 4000, `${waited} ms`);
      await witness.goesOn();
      assert.ok(!quiet.ended);
      quiet.cut();
      witness.leave();
      jumpTo(0);
    });
  }
});
