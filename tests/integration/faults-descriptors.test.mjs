// All descriptors in use: who is there goes on, who comes waits, and the machine's time is not burnt.
import assert from 'node:assert/strict';
import { connect as connectTcp } from 'node:net';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startEdge } from '../support/edge.mjs';
import { startProvider } from '../support/fake-provider.mjs';
import { cpuTime, descriptors, startWitness, until, witnessScript } from '../support/faults.mjs';
import { freshKey, question, send } from '../support/http-client.mjs';
import { connect } from '../support/websocket.mjs';

const most = 64;
/** UBSan looks at memory through a pipe, which there is no descriptor for: it then takes any for invalid. */
const suppressions = fileURLToPath(new URL('../support/ubsan.supp', import.meta.url));
const cpuShareMost = 0.5; // of a sanitized edge with the witness and nothing else to do

describe('an edge without descriptors', { timeout: 60_000 }, () => {
  test('serves who is there, accepts nobody, waits quietly, and recovers', async () => {
    const provider = await startProvider(witnessScript);
    const edge = await startEdge({
      provider,
      under: ['prlimit', `--nofile=${most}:${most}`],
      env: { UBSAN_OPTIONS: `suppressions=${suppressions}` },
    });
    const witness = await startWitness(edge);
    const socket = await connect(`${edge.url}/v1/socket`);
    const before = descriptors(edge);

    const crowd = Array.from({ length: 2 * most }, () => connectTcp(edge.port, '127.0.0.1'));
    for (const each of crowd) each.on('error', () => {}).resume();
    await until(() => descriptors(edge) >= most, 'all descriptors are in use');

    const [cpu, since] = [cpuTime(edge), performance.now()];
    await sleep(1000);
    const share = (cpuTime(edge) - cpu) / (performance.now() - since);
    assert.ok(share < cpuShareMost, `it used ${share.toFixed(2)} of a core`);
    await witness.goesOn();
    assert.equal(edge.stderr.match(/no connection is accepted: Too many open files/g)?.length, 1);

    socket.sendJson({ type: 'ask', ref: 1, key: freshKey(), request: question() });
    let frame = await socket.nextJson();
    while (!['error', 'done'].includes(frame.type)) frame = await socket.nextJson();
    assert.equal(frame.code, 'provider_unreachable');

    for (const each of crowd) each.destroy();
    assert.equal((await send(`${edge.url}/livez`)).statusCode, 200);
    await until(() => descriptors(edge) <= before, 'they are free again');
    assert.match(edge.stderr, /connections are accepted$/m);
    await witness.goesOn();
    socket.cut();
    witness.leave();
    assert.equal(await edge.stop(), 0);
    await provider.stop();
  });
});
