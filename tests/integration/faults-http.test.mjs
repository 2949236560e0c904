// HTTP as nobody should send it: every form is refused with a typed error and ends its connection.
import assert from 'node:assert/strict';
import { connect as connectTcp } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEdge } from '../support/edge.mjs';
import { startProvider } from '../support/fake-provider.mjs';
import { leavesNothing, quarantine, startWitness, witnessScript } from '../support/faults.mjs';
import { rawExchange } from '../support/http-client.mjs';
import { refusedForms, smuggled, takenForms } from '../support/http-forms.mjs';

const statuses = (received) =>
  [...received.matchAll(/HTTP\/1\.[01] (\d{3}) /g)].map(([, status]) => Number(status));

describe('an HTTP request that is', { timeout: 60_000 }, () => {
  let folder;
  let provider;
  let edge;
  let witness;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'weir-forms-'));
    writeFileSync(join(folder, 'index.html'), '<title>Weir</title>');
    provider = await startProvider(witnessScript);
    edge = await startEdge({ provider, args: ['--site', folder], env: quarantine });
    witness = await startWitness(edge);
  });
  after(async () => {
    witness?.leave();
    assert.equal(await edge?.stop(), 0);
    await provider?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const exchange = (bytes) => rawExchange(edge.port, Buffer.from(bytes, 'latin1'), { limit: 5000 });

  async function isRefused(bytes, status) {
    const received = await exchange(bytes);
    assert.deepEqual(statuses(received), [status], received);
    const body = received.slice(received.indexOf('\r\n\r\n') + 4);
    const { error } = JSON.parse(body);
    assert.ok(error.code && error.message, body);
    assert.match(received, /^Connection: close\r$/m);
  }

  for (const [what, bytes, status] of refusedForms) {
    test(`${what} is refused with ${status}, and the connection ends`, () =>
      isRefused(bytes + smuggled, status));
  }

  test('refused in any form leaves nothing behind', async () => {
    const all = () =>
      Promise.all(refusedForms.map(([, bytes, status]) => isRefused(bytes + smuggled, status)));
    await leavesNothing(edge, all, { times: 2 });
    await witness.goesOn();
  });

  for (const [what, bytes, expected] of takenForms) {
    test(`${what} is answered`, async () => {
      const received = await exchange(bytes);
      assert.deepEqual(statuses(received), expected, received);
    });
  }

  test('all header, line by line, is refused as if it came at once', async () => {
    const line = 'X: a\r\n'.repeat(100);
    const socket = connectTcp(edge.port, '127.0.0.1').setNoDelay(true);
    socket.on('error', () => {});
    let received = '';
    socket.on('data', (bytes) => (received += bytes));
    socket.write('GET /livez HTTP/1.1\r\nHost: localhost\r\n');
    while (!received && socket.writable) {
      socket.write(line);
      await sleep(1);
    }
    assert.deepEqual(statuses(received), [431]);
    socket.destroy();
  });

  test('split at any byte is read the same', async () => {
    const forms = refusedForms.filter(([, bytes]) => bytes.length < 300);
    await Promise.all(
      forms.map(async ([what, bytes, status]) => {
        const received = await rawExchange(edge.port, bytes + smuggled, { byBytes: true });
        assert.deepEqual(statuses(received), [status], what);
      }),
    );
    await witness.goesOn();
  });
});
