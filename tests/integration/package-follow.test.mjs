// The npm package's follow, and asks by a key of the caller's own: a second reader goes on where the
// first one was, the key stops an answer from anywhere, and the figures tell what it took.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { BrowserWebSocket } from '../support/browser-websocket.mjs';
import { startProxy } from '../support/chopping-proxy.mjs';
import { startEdge } from '../support/edge.mjs';
import { startProvider } from '../support/fake-provider.mjs';
import { textOf } from '../support/http-client.mjs';
import { eventsOf, load, packageFolder } from '../support/package.mjs';

const { createWeir } = await load();

const pieces = ['Both ', 'wait: ', 'näher ', '検索 ', '🦀.'];
const request = {
  repo_url: 'https://example.org/me/widgets',
  messages: [{ role: 'user', content: 'Who waits?' }],
  context: [{ path: 'a.md', start_line: 1, end_line: 1, text: 'A widget waits.' }],
};

/** Reads an answer up to its n-th delta, and goes on only when told. */
async function readDeltas(answer, n) {
  const events = [];
  while (events.filter(({ type }) => type === 'delta').length < n) {
    const { done, value } = await answer.next();
    assert.equal(done, false);
    events.push(value);
  }
  return events;
}

const nowhere = { answer: randomBytes(16).toString('hex'), key: randomBytes(16).toString('hex') };

describe('what is followed without an edge', () => {
  let weir;
  before(async () => (weir = await createWeir()));
  after(() => weir.dispose());

  test('is not found', async () => {
    const [only, ...more] = await eventsOf(weir.follow(nowhere.answer));
    assert.equal(only.code, 'not_found');
    assert.deepEqual(more, []);
  });

  test('costs nothing on the way to an edge', async () => {
    await eventsOf(weir.ask(request));
    assert.deepEqual(await weir.connection(), {
      status: 'offline',
      sockets_opened: 0,
      http_exchanges: 0,
      resumes: 0,
      bytes_received: 0,
    });
  });

  test('an answer composed here says that no edge has it', async () => {
    const [accepted] = await eventsOf(weir.ask(request));
    assert.equal(accepted.local, true);
  });

  test('ids, keys and cursors that are none are refused, and not repeated', async () => {
    for (const [answer, what] of [
      [weir.follow('5eCReT'), /id/],
      [weir.follow(nowhere.answer, { key: '5eCReT' }), /key/],
      [weir.follow(nowhere.answer, { after: -1 }), /cursor/],
      [weir.follow(nowhere.answer, { after: 1.5 }), /cursor/],
      [weir.ask(request, { key: '5eCReT' }), /key/],
    ]) {
      const events = await eventsOf(answer);
      assert.equal(events.length, 1);
      assert.equal(events[0].code, 'invalid_request');
      assert.match(events[0].message, what);
      assert.doesNotMatch(JSON.stringify(events), /5eCReT/);
    }
  });

  test('keys are drawn fresh', () => {
    assert.match(weir.newKey(), /^[0-9a-f]{32}$/);
    assert.notEqual(weir.newKey(), weir.newKey());
  });
});

for (const transport of ['WebSocket', 'HTTP']) {
  describe(`an answer followed over ${transport}`, { timeout: 60_000 }, () => {
    let script = {};
    let provider;
    let edge;
    let asker;
    let other;
    before(async () => {
      if (transport === 'WebSocket') globalThis.WebSocket = BrowserWebSocket;
      provider = await startProvider(() => script);
      edge = await startEdge({ provider });
    });
    beforeEach(async () => {
      asker = await createWeir({ edge: edge.url });
      other = await createWeir({ edge: edge.url });
    });
    afterEach(() => {
      asker.dispose();
      other.dispose();
    });
    after(async () => {
      delete globalThis.WebSocket;
      assert.equal(await edge?.stop(), 0);
      await provider?.stop();
    });

    /** Asks, and reads up to the second delta of an answer that goes on when `goOn` is called. */
    async function halfRead(key) {
      script = { pieces, betweenDelay: 150 };
      const call = provider.calls.length;
      const answer = asker.ask(request, { key });
      const read = await readDeltas(answer, 2);
      return { answer, read, id: read[0].answer, cursor: read.at(-1).cursor, call };
    }

    test('is the same text from any cursor, while it runs and afterwards', async () => {
      const { answer, read, id, cursor, call } = await halfRead();
      const [fromStart, goingOn, rest] = await Promise.all([
        eventsOf(other.follow(id)),
        eventsOf(other.follow(id, { after: cursor })),
        eventsOf(answer),
      ]);
      assert.equal(textOf([...read, ...rest]), pieces.join(''));
      assert.equal(textOf(fromStart), pieces.join(''));
      assert.equal(fromStart[0].type, 'accepted');
      assert.equal(textOf([...read, ...goingOn]), pieces.join(''));
      assert.ok(goingOn.every((event) => event.cursor > cursor));
      assert.equal(goingOn.at(-1).type, 'done');

      const later = await eventsOf(other.follow(id, { after: cursor }));
      assert.equal(textOf([...read, ...later]), pieces.join(''));
      assert.equal(provider.calls.length, call + 1);
    });

    test('is stopped by whoever has the key, for every reader', async () => {
      script = { pieces, hangAfterPieces: true };
      const key = asker.newKey();
      const asked = asker.ask(request, { key });
      const [{ answer: id }] = await readDeltas(asked, 1);
      const stop = new AbortController();
      const reading = other.follow(id, { key, signal: stop.signal });
      await readDeltas(reading, 1); // deltas that waited come as one
      const call = provider.calls.at(-1);
      stop.abort();
      await call.closed;
      const [followed, first] = await Promise.all([eventsOf(reading), eventsOf(asked)]);
      assert.equal(followed.at(-1).code, 'cancelled');
      assert.equal(first.at(-1).code, 'cancelled');
      const last = (await eventsOf(other.follow(id))).at(-1);
      assert.equal(last.code, 'cancelled');
      assert.equal(last.cursor, first.at(-1).cursor);
    });

    test('goes on for others where a reader without the key aborts or leaves', async () => {
      const { answer, read, id } = await halfRead();
      const stop = new AbortController();
      const aborted = other.follow(id, { signal: stop.signal });
      await readDeltas(aborted, 1);
      stop.abort();
      assert.equal((await eventsOf(aborted)).at(-1).code, 'cancelled');
      for await (const event of other.follow(id)) if (event.type === 'delta') break;
      assert.equal(textOf([...read, ...(await eventsOf(answer))]), pieces.join(''));
    });

    test('ends for everyone where a reader with the key leaves', async () => {
      const key = asker.newKey();
      script = { pieces, hangAfterPieces: true };
      const asked = asker.ask(request, { key });
      const [{ answer: id }] = await readDeltas(asked, 1);
      for await (const event of other.follow(id, { key })) if (event.type === 'delta') break;
      assert.equal((await eventsOf(asked)).at(-1).code, 'cancelled');
    });

    test('is the same answer where it is asked for again with its key', async () => {
      script = { headDelay: 100, pieces };
      const key = asker.newKey();
      const calls = provider.calls.length;
      const [first, second] = await Promise.all([
        eventsOf(asker.ask(request, { key })),
        eventsOf(other.ask(request, { key })),
      ]);
      assert.equal(first[0].answer, second[0].answer);
      assert.equal(textOf(first), pieces.join(''));
      assert.equal(textOf(second), pieces.join(''));
      assert.equal(provider.calls.length, calls + 1);
    });

    test('is stopped before its first token by asking again with its key', async () => {
      script = { hang: true };
      const key = asker.newKey();
      const calls = provider.calls.length;
      const asked = eventsOf(asker.ask(request, { key }));
      const call = await provider.call(calls);
      const stop = new AbortController();
      const again = other.ask(request, { key, signal: stop.signal });
      assert.equal((await again.next()).value.type, 'accepted');
      stop.abort();
      await call.closed;
      assert.equal((await eventsOf(again)).at(-1).code, 'cancelled');
      assert.equal((await asked).at(-1).code, 'cancelled');
    });

    test('is stopped with its key although the connection is not there yet', async () => {
      script = { pieces, hangAfterPieces: true };
      for (const known of [true, false]) {
        const key = asker.newKey();
        const calls = provider.calls.length;
        const asked = asker.ask(request, { key });
        const [{ answer: id }] = await readDeltas(asked, 1);
        const later = await createWeir({ edge: edge.url });
        const signal = AbortSignal.abort();
        const again = known
          ? later.follow(id, { key, signal })
          : later.ask(request, { key, signal });
        assert.equal((await eventsOf(again)).at(-1).code, 'cancelled');
        await (
          await provider.call(calls)
        ).closed;
        assert.equal((await eventsOf(asked)).at(-1).code, 'cancelled');
        later.dispose();
      }
    });

    test('is not found where the edge knows no such id', async () => {
      const [only] = await eventsOf(other.follow(nowhere.answer, { key: nowhere.key }));
      assert.equal(only.code, 'not_found');
    });

    test('tells what it took to bring it through cuts', async () => {
      const proxy = await startProxy(edge.port, (number) =>
        number < 2 ? { cutDownAfter: 700 + 100 * number } : undefined,
      );
      const weir = await createWeir({ edge: proxy.url });
      script = { pieces, betweenDelay: 20 };
      const events = await eventsOf(weir.ask(request));
      assert.equal(textOf(events), pieces.join(''));
      const figures = await weir.connection();
      assert.equal(figures.status, transport === 'HTTP' ? 'http' : 'websocket');
      assert.ok(figures.resumes >= 1, JSON.stringify(figures));
      assert.ok(figures.bytes_received > 500, JSON.stringify(figures));
      const opened = transport === 'HTTP' ? figures.http_exchanges : figures.sockets_opened;
      assert.ok(opened >= 2, JSON.stringify(figures));
      assert.equal(weir.status, figures.status);
      weir.dispose();
      await proxy.stop();
    });
  });
}

describe('all answers of one page', () => {
  test('share one WebSocket', { timeout: 30_000 }, async () => {
    globalThis.WebSocket = BrowserWebSocket;
    const provider = await startProvider({ pieces, betweenDelay: 20 });
    const edge = await startEdge({ provider });
    const proxy = await startProxy(edge.port);
    const weir = await createWeir({ edge: proxy.url });
    const asked = Array.from({ length: 8 }, () => weir.ask(request));
    const read = await Promise.all(asked.map(eventsOf));
    const [{ answer }] = read[0];
    read.push(await eventsOf(weir.follow(answer)));
    for (const events of read) assert.equal(textOf(events), pieces.join(''));
    const figures = await weir.connection();
    assert.equal(figures.sockets_opened, 1);
    assert.equal(figures.http_exchanges, 0);
    assert.equal(figures.resumes, 0);
    assert.equal(proxy.connections, 1);
    weir.dispose();
    delete globalThis.WebSocket;
    await proxy.stop();
    await edge.stop();
    await provider.stop();
  });
});

describe('what the page is told of the network and of its own sleep', () => {
  let tries = 0;
  let deadEdge;
  let service;
  const reading = new AbortController();
  before(async () => {
    const { Service } = await load('service.js');
    const { assetsAt } = await load('node.js');
    deadEdge = createServer((socket) => {
      tries += 1;
      socket.destroy();
    }).listen(0, '127.0.0.1');
    await once(deadEdge, 'listening');
    const edge = `http://127.0.0.1:${deadEdge.address().port}/`;
    service = new Service({ assets: assetsAt, onStatus() {} });
    await service.start({ edge, assets: pathToFileURL(`${packageFolder}/`).href });
    const context = { signal: reading.signal, progress() {} };
    void service.follow({ answer: nowhere.answer, after: 0 }, context);
    await sleep(2000); // by now its tries are some seconds apart
  });
  after(async () => {
    reading.abort();
    await service.close();
    deadEdge.close();
  });

  /** Tries within a moment after the news: by itself there would hardly be one. */
  async function triesAfter(news) {
    const before = tries;
    await service.pageNews(news);
    await sleep(150);
    return tries - before;
  }

  for (const news of ['online', 'awake']) {
    test(`makes it try at once: ${news}`, async () => {
      for (let times = 0; times < 4; times += 1) assert.ok((await triesAfter(news)) >= 1);
    });
  }

  test('makes it wait: offline', async () => {
    await service.pageNews('offline');
    await sleep(100); // what was under way
    const before = tries;
    await sleep(3000);
    assert.equal(tries, before);
    assert.ok((await triesAfter('online')) >= 1);
  });
});
