// The promise itself: the npm package against the real edge, the connection that carries an answer cut
// after every single byte in turn. Whatever the place, the reader gets each character once, and the
// provider is called once.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { BrowserWebSocket } from '../support/browser-websocket.mjs';
import { startProxy } from '../support/chopping-proxy.mjs';
import { startEdge } from '../support/edge.mjs';
import { startProvider } from '../support/fake-provider.mjs';
import { load } from '../support/package.mjs';

const { createWeir } = await load();

const pieces = ['Both ', 'wait: ', 'näher ', '検索 ', '🦀.'];
const atOnce = 16; // answers under way at a time: most of each is waiting

const request = (question) => ({
  repo_url: 'https://example.org/me/widgets',
  messages: [{ role: 'user', content: question }],
  context: [{ path: 'a.md', start_line: 1, end_line: 1, text: 'A widget waits.' }],
});

describe('an answer whose connection is cut after n bytes', () => {
  let provider;
  let edge;
  before(async () => {
    provider = await startProvider({ pieces });
    edge = await startEdge({ provider });
  });
  after(async () => {
    assert.equal(await edge?.stop(), 0);
    await provider?.stop();
  });

  /** Asks through a proxy that cuts its first connection after n bytes. False: it was not reached. */
  async function readCutAt(n) {
    const proxy = await startProxy(edge.port, (number) =>
      number === 0 ? { cutDownAfter: n } : undefined,
    );
    const weir = await createWeir({ edge: proxy.url });
    try {
      const events = [];
      for await (const event of weir.ask(request(`Cut at ${n}?`))) events.push(event);
      const seen = events.map(({ type }) => type).filter((type) => type !== 'delta');
      assert.deepEqual(seen, ['accepted', 'usage', 'done'], `cut after ${n} bytes`);
      const text = events.map((event) => (event.type === 'delta' ? event.text : '')).join('');
      assert.equal(text, pieces.join(''), `cut after ${n} bytes`);
      return proxy.connections > 1;
    } finally {
      weir.dispose();
      await proxy.stop();
    }
  }

  async function cutEverywhere() {
    const calls = provider.calls.length;
    for (let n = 0; ; n += atOnce) {
      const cuts = await Promise.all(Array.from({ length: atOnce }, (_, i) => readCutAt(n + i)));
      assert.equal(provider.calls.length - calls, n + atOnce);
      if (!cuts.some(Boolean)) return n;
    }
  }

  test('comes whole over WebSocket, for every n', async () => {
    globalThis.WebSocket = BrowserWebSocket;
    const bytes = await cutEverywhere();
    delete globalThis.WebSocket;
    assert.ok(bytes > 500, `only ${bytes} places`);
  });

  test('comes whole over HTTP, for every n', async () => {
    const bytes = await cutEverywhere();
    assert.ok(bytes > 500, `only ${bytes} places`);
  });
});
