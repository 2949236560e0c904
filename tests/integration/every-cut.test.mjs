// The promise itself: the npm package against the real edge, the connection that carries an answer cut
// after every single byte in turn, in either direction, and what comes next is the same transport or the
// other. Whatever the place, the reader gets each character once, and the provider is called once.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { BrowserWebSocket } from '../support/browser-websocket.mjs';
import { startProxy } from '../support/chopping-proxy.mjs';
import { startEdge } from '../support/edge.mjs';
import { startProvider } from '../support/fake-provider.mjs';
import { compileOnce, eventsOf, load } from '../support/package.mjs';

const { createWeir } = await load();
compileOnce();

const pieces = ['näher ', '検索 🦀'];
const atOnce = 24; // answers under way at a time: most of each is waiting
const wholeHead = 500; // bytes after which a response's head, of either transport, is there
const other = { WebSocket: 'HTTP', HTTP: 'WebSocket' };

const request = (question) => ({
  repo_url: 'https://example.org/me/widgets',
  messages: [{ role: 'user', content: question }],
  context: [{ path: 'ä.md', start_line: 1, end_line: 1, text: 'A 🦀 waits.' }],
});

/**
 * Lets connections through over the transport of the first leg until one of them is cut, then over that of
 * the second, and so on; everything else is refused.
 */
function route(legs) {
  const way = { cuts: 0 };
  way.plan = () => {
    const { over, ...leg } = legs[way.cuts];
    const refused = over === 'HTTP' ? { refuseUpgrade: true } : { refuseHttp: true };
    const cuts = way.cuts + 1;
    return { ...leg, ...refused, onCut: () => (way.cuts = cuts) };
  };
  return way;
}

describe('an answer whose connection is cut after n bytes comes whole, for every n', () => {
  let provider;
  let edge;
  before(async () => {
    globalThis.WebSocket = BrowserWebSocket;
    provider = await startProvider({ pieces });
    edge = await startEdge({ provider });
  });
  after(async () => {
    delete globalThis.WebSocket;
    assert.equal(await edge?.stop(), 0);
    await provider?.stop();
  });

  /** How many connections of the answer were cut. */
  async function readOver(legs) {
    const way = route(legs);
    const proxy = await startProxy(edge.port, way.plan);
    const weir = await createWeir({ edge: proxy.url });
    try {
      const events = await eventsOf(weir.ask(request('Wo fließt es? 🦀')));
      const seen = events.map(({ type }) => type).filter((type) => type !== 'delta');
      assert.deepEqual(seen, ['accepted', 'usage', 'done'], JSON.stringify(legs));
      const text = events.map((event) => (event.type === 'delta' ? event.text : '')).join('');
      assert.equal(text, pieces.join(''), JSON.stringify(legs));
      return way.cuts;
    } finally {
      weir.dispose();
      await proxy.stop();
    }
  }

  /** `legsCutAt(n)`: of which the first is cut after n bytes. All n until it is over before. */
  async function cutEverywhere(legsCutAt) {
    const calls = provider.calls.length;
    let next = 0;
    let places = Infinity;
    let mostCuts = 0;
    const cutInTurn = async () => {
      while (next < places) {
        const n = next++;
        const cuts = await readOver(legsCutAt(n)).catch((error) => {
          places = 0; // the others finish what they are at, while there is an edge
          throw error;
        });
        if (cuts === 0) places = Math.min(places, n);
        mostCuts = Math.max(mostCuts, cuts);
      }
    };
    const turns = await Promise.allSettled(Array.from({ length: atOnce }, cutInTurn));
    for (const { reason } of turns) if (reason) throw reason;
    assert.equal(provider.calls.length - calls, next);
    assert.ok(places > 400, `only ${places} places`);
    assert.equal(mostCuts, legsCutAt(0).length - 1, 'every leg is taken');
    console.log(places, 'places');
  }

  for (const over of ['WebSocket', 'HTTP']) {
    test(`to the page over ${over}, which comes again`, () =>
      cutEverywhere((n) => [{ over, cutDownAfter: n }, { over }]));

    // The second is cut where it may have brought something: who is cut off twice before any word has come
    // is told that there is no edge.
    test(`to the page over ${over}, the transports taking turns`, () =>
      cutEverywhere((n) => [
        { over, cutDownAfter: n },
        { over: other[over], cutDownAfter: Math.max(n, wholeHead) },
        { over },
      ]));

    test(`to the edge over ${over}, the other transport next`, () =>
      cutEverywhere((n) => [{ over, cutUpAfter: n }, { over: other[over] }]));
  }
});
