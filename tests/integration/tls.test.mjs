// TLS to the provider: a certificate that does not prove the name it is asked under gets no key.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { makeCertificates } from '../support/certificates.mjs';
import { startEdge } from '../support/edge.mjs';
import { startProvider } from '../support/fake-provider.mjs';
import { allEvents, postAnswer, textOf } from '../support/http-client.mjs';

describe('a provider over TLS', () => {
  let right;
  let wrong;
  before(() => {
    right = makeCertificates(['IP:127.0.0.1', 'DNS:localhost']);
    wrong = makeCertificates(['DNS:provider.test']);
  });
  after(() => {
    right.remove();
    wrong.remove();
  });

  async function ask(certificates, { trusted, host = '127.0.0.1' }) {
    const provider = await startProvider({}, { tls: certificates.server });
    provider.baseUrl = provider.baseUrl.replace('127.0.0.1', host);
    const env = trusted ? { SSL_CERT_FILE: certificates.authority } : {};
    const edge = await startEdge({ provider, env });
    const list = await allEvents(await postAnswer(edge.url));
    assert.equal(await edge.stop(), 0);
    await provider.stop();
    return { end: list.at(-1), text: textOf(list), calls: provider.calls.length };
  }

  for (const host of ['127.0.0.1', 'localhost']) {
    test(`is asked where its certificate is trusted and names ${host}`, async () => {
      const { end, text } = await ask(right, { trusted: true, host });
      assert.equal(end.type, 'done');
      assert.equal(text, 'The answer is in [1].');
    });
  }

  test('is not asked where its authority is unknown', async () => {
    const { end, calls } = await ask(right, { trusted: false });
    assert.equal(end.code, 'provider_unreachable');
    assert.match(end.message, /certificate/);
    assert.equal(calls, 0);
  });

  for (const host of ['127.0.0.1', 'localhost']) {
    test(`is not asked where its certificate does not name ${host}`, async () => {
      const { end, calls } = await ask(wrong, { trusted: true, host });
      assert.equal(end.code, 'provider_unreachable');
      assert.match(end.message, /mismatch/);
      assert.equal(calls, 0);
    });
  }
});
