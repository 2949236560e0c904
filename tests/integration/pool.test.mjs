// Connections to providers: how many there are, how often they serve, and how TLS is taken up again.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { makeCertificates } from '../support/certificates.mjs';
import { startEdge } from '../support/edge.mjs';
import { startProvider } from '../support/fake-provider.mjs';
import { allEvents, postAnswer, question } from '../support/http-client.mjs';

const settled = (edge, wanted) => until(async () => wanted(await edge.metrics()));

async function until(holds) {
  for (let tries = 0; !(await holds()); ++tries) {
    assert.ok(tries < 200, 'it never came');
    await new Promise((done) => setTimeout(done, 25));
  }
}

describe('connections to a provider', () => {
  let edge;
  let provider;
  afterEach(async () => {
    assert.equal(await edge.stop(), 0);
    await provider.stop();
  });

  const ask = async (text) => allEvents(await postAnswer(edge.url, { request: question(text) }));

  test('serve one call after another, which the figures say', async () => {
    provider = await startProvider();
    edge = await startEdge({ provider });
    for (let i = 0; i < 4; ++i) {
      await ask(`Question ${i}`);
      await settled(edge, (figures) => figures.upstream_connections_idle === 1);
    }
    const figures = await edge.metrics();
    assert.equal(figures.upstream_connections_opened_total, 1);
    assert.equal(figures.upstream_connections_reused_total, 3);
    const text = await (await fetch(`${edge.url}/metrics`)).text();
    assert.match(text, /^weir_upstream_reuse_ratio 0\.75$/m);
  });

  test('are no more than may be; who finds none waits for one', async () => {
    const held = [];
    provider = await startProvider(() => ({
      pauseAt: 1,
      goOn: new Promise((done) => held.push(done)),
    }));
    const limits = { upstream: { connections_per_origin: 2 } };
    edge = await startEdge({ provider, limits });
    const answers = ['one', 'two', 'three'].map((text) => ask(text));
    await until(() => held.length === 2);
    await settled(edge, (figures) => figures.upstream_requests_waiting === 1);
    assert.equal(provider.sockets.size, 2);
    held[0]();
    await until(() => held.length === 3);
    assert.equal(provider.sockets.size, 2, 'the third goes over the one that is free');
    for (const done of held) done();
    for (const list of await Promise.all(answers)) assert.equal(list.at(-1).type, 'done');
    const figures = await edge.metrics();
    assert.equal(figures.upstream_connections_opened_total, 2);
    assert.equal(figures.upstream_requests_waiting, 0);
  });

  test('make room when they break, and do not keep a call waiting for ever', async () => {
    provider = await startProvider({ hang: true });
    const limits = {
      upstream: { connections_per_origin: 1 },
      provider: { connect: 0.5 },
      recovery: { retries: 0 },
    };
    edge = await startEdge({ provider, limits });
    const first = ask('one');
    await provider.call(0);
    const late = await ask('two');
    assert.equal(late.at(-1).code, 'provider_timeout');
    assert.match(late.at(-1).message, /in use/);
    const third = ask('three');
    await settled(edge, (figures) => figures.upstream_requests_waiting === 1);
    provider.script = {};
    for (const socket of provider.sockets) socket.destroy();
    assert.equal((await first).at(-1).type, 'error');
    assert.equal((await third).at(-1).type, 'done');
  });

  test('are closed when they have been idle', async () => {
    provider = await startProvider();
    edge = await startEdge({ provider, limits: { upstream: { idle: 0.3 } } });
    await ask('one');
    await until(() => provider.sockets.size === 0);
    await settled(edge, (figures) => figures.upstream_connections_open === 0);
  });
});

describe('TLS to a provider', () => {
  let certificates;
  let edge;
  let provider;
  let handshakes;
  before(() => (certificates = makeCertificates(['IP:127.0.0.1', 'DNS:localhost'])));
  after(() => certificates.remove());
  afterEach(async () => {
    assert.equal(await edge.stop(), 0);
    await provider.stop();
  });

  /** Every call has a connection of its own. */
  async function start(tls, limits = {}) {
    handshakes = [];
    provider = await startProvider({}, { tls: { ...certificates.server, ...tls } });
    provider.server.on('secureConnection', (socket) => handshakes.push(socket.isSessionReused()));
    edge = await startEdge({
      provider,
      limits: { upstream: { idle_per_origin: 0, ...limits } },
      env: { SSL_CERT_FILE: certificates.authority },
    });
  }

  async function askTimes(count) {
    for (let i = 0; i < count; ++i) {
      const list = await allEvents(await postAnswer(edge.url, { request: question(`${i}`) }));
      assert.equal(list.at(-1).type, 'done');
    }
    return (await edge.metrics()).upstream_tls_resumed_total;
  }

  for (const version of ['TLSv1.2', 'TLSv1.3']) {
    test(`goes on with the session of an earlier connection (${version})`, async () => {
      await start({ minVersion: version, maxVersion: version });
      const resumed = await askTimes(3); // with TLS 1.3 a handshake brings two sessions
      assert.deepEqual(handshakes, [false, true, true]);
      assert.equal(resumed, 2);
    });
  }

  test('begins anew where no sessions are to be kept', async () => {
    await start({}, { tls_sessions_per_origin: 0 });
    assert.equal(await askTimes(3), 0);
    assert.deepEqual(handshakes, [false, false, false]);
  });
});
