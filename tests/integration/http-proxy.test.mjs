// A provider that is reached through an HTTP proxy only: its name means nothing to the edge.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { makeCertificates } from '../support/certificates.mjs';
import { startEdge } from '../support/edge.mjs';
import { startProvider } from '../support/fake-provider.mjs';
import { allEvents, postAnswer, textOf } from '../support/http-client.mjs';
import { startHttpProxy } from '../support/http-proxy.mjs';

const name = 'models.test';

describe('a provider behind an HTTP proxy', () => {
  let certificates;
  before(() => (certificates = makeCertificates([`DNS:${name}`])));
  after(() => certificates.remove());

  /** Asks twice. `credentials`: what the proxy wants, `given`: what it is given. */
  async function ask({ tls, credentials = '', given = credentials, env = {} }) {
    const provider = await startProvider({}, tls ? { tls: certificates.server } : {});
    const proxy = await startHttpProxy({ [name]: provider.port }, { credentials });
    const at = `http://${given ? `${given}@` : ''}127.0.0.1:${proxy.port}`;
    const edge = await startEdge({
      env: {
        OPENAI_BASE_URL: `${tls ? 'https' : 'http'}://${name}:8443/v1`,
        OPENAI_API_KEY: 'sk-test-secret',
        [tls ? 'HTTPS_PROXY' : 'HTTP_PROXY']: at,
        SSL_CERT_FILE: certificates.authority,
        ...env,
      },
      limits: { recovery: { retries: 0 } },
    });
    const lists = [];
    for (let i = 0; i < 2; ++i) lists.push(await allEvents(await postAnswer(edge.url)));
    assert.equal(await edge.stop(), 0);
    const { calls } = provider;
    await proxy.stop();
    await provider.stop();
    return { lists, last: lists[0].at(-1), calls, requests: proxy.requests, log: edge.stderr };
  }

  test('is asked over TLS through a tunnel, which is kept', async () => {
    const { lists, calls, requests } = await ask({ tls: true });
    for (const list of lists) assert.equal(textOf(list), 'The answer is in [1].');
    assert.equal(calls.length, 2);
    assert.deepEqual(requests, [`CONNECT ${name}:8443`]);
  });

  test('is asked in plain HTTP by its whole address', async () => {
    const { lists, requests } = await ask({ tls: false });
    for (const list of lists) assert.equal(textOf(list), 'The answer is in [1].');
    const request = `POST http://${name}:8443/v1/chat/completions`;
    assert.deepEqual(requests, [request, request]);
  });

  for (const tls of [true, false]) {
    test(`is asked with the proxy's credentials, ${tls ? 'over TLS' : 'in plain HTTP'}`, async () => {
      const { last, calls } = await ask({ tls, credentials: 'user:sk-proxy-secret' });
      assert.equal(last.type, 'done');
      for (const call of calls) {
        // In plain HTTP the proxy is to take them out; over TLS they never get there.
        if (tls) assert.equal(call.headers['proxy-authorization'], undefined);
      }
    });
  }

  test('is not reached where the proxy refuses, and the error says so', async () => {
    const { last, calls, log } = await ask({
      tls: true,
      credentials: 'user:right',
      given: 'user:sk-proxy-secret',
    });
    assert.equal(last.code, 'provider_unreachable');
    assert.match(last.message, /the proxy refused the way through, with status 407/);
    assert.doesNotMatch(JSON.stringify(last) + log, /sk-proxy-secret/);
    assert.equal(calls.length, 0);
  });

  test('is asked without the proxy where NO_PROXY names it', async () => {
    const { last, requests } = await ask({ tls: true, env: { NO_PROXY: '.test' } });
    assert.equal(last.code, 'provider_unreachable');
    assert.match(last.message, /its name was not found/);
    assert.deepEqual(requests, []);
  });

  test('keeps the edge from starting where the proxy cannot be used', async () => {
    const started = startEdge({ env: { HTTPS_PROXY: 'socks5://user:sk-proxy-secret@proxy:1080' } });
    await assert.rejects(started, (error) => {
      assert.match(error.message, /HTTPS_PROXY names no proxy that can be used here/);
      assert.doesNotMatch(error.message, /sk-proxy-secret/);
      return true;
    });
  });
});
