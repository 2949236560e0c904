// Providers that fail in every way: each ends in a typed error, beside a stream that nothing touches.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { startEdge } from '../support/edge.mjs';
import { startProvider } from '../support/fake-provider.mjs';
import {
  leavesNothing,
  quarantine,
  startWitness,
  until,
  witnessScript,
} from '../support/faults.mjs';
import { allEvents, events, freshKey, postAnswer, question, send, textOf } from '../support/http-client.mjs'; // prettier-ignore
import { startRawProvider, writeForEver } from '../support/raw-provider.mjs';

const head = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n';
const chunked = `${head}Transfer-Encoding: chunked\r\n\r\n`;
const event = (text) => `data: {"choices":[{"index":0,"delta":{"content":"${text}"}}]}\n\n`;
const end = 'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n';
const chunk = (text) => `${text.length.toString(16)}\r\n${text}\r\n`;

/** What the provider does to its connection, and the code of the error that comes of it. */
const faults = [
  ['breaks the connection as soon as it is asked', 'provider_cut', (to) => to.resetAndDestroy()],
  ['says nothing', 'provider_timeout', () => {}],
  ['sends half of a head', 'provider_timeout', (to) => to.write('HTTP/1.1 200 OK\r\nConte')],
  ['sends its head and nothing more', 'provider_timeout', (to) => to.write(`${head}\r\n`)],
  ['falls silent in the middle', 'provider_timeout', (to) => to.write(`${head}\r\n${event('A')}`)],
  ['sends no HTTP', 'provider_cut', (to) => to.end(randomBytes(5000))],
  [
    'sends random bytes as its events',
    'provider_cut',
    (to) => to.write(`${head}\r\n`) && to.end(randomBytes(50_000)),
  ],
  [
    'sends events that are no chat completions',
    'provider_error',
    (to) => to.write(`${head}\r\n${event('A')}data: <html>\n\n`),
  ],
  [
    'sends less than it promised',
    'provider_cut',
    (to) => to.end(`${head}Content-Length: 5000\r\n\r\n${event('A')}`),
  ],
  [
    'sends a chunk without a size',
    'provider_cut',
    (to) => to.write(`${chunked}${chunk(event('A'))}many\r\n`),
  ],
  [
    'compresses what it sends',
    'provider_error',
    (to) => to.end(Buffer.concat([Buffer.from(`${head}Content-Encoding: gzip\r\n\r\n`), gzipSync(event('A') + end)])), // prettier-ignore
  ],
  [
    'sends a line without an end',
    'provider_error',
    (to) => to.write(`${head}\r\ndata: `) && writeForEver(to, 'a'),
  ],
  [
    'sends a chunk of gigabytes without a line',
    'provider_error',
    (to) => to.write(`${chunked}fffffffff\r\ndata: `) && writeForEver(to, 'a'),
  ],
  [
    'sends a header line without an end',
    'provider_cut',
    (to) => to.write('HTTP/1.1 200 OK\r\nX-Long: ') && writeForEver(to, 'a'),
  ],
  [
    'sends header lines without an end',
    'provider_cut',
    (to) => to.write('HTTP/1.1 200 OK\r\n') && writeForEver(to, 'X-Many: a\r\n'),
  ],
  [
    "sends a chunk's extension without an end",
    'provider_cut',
    (to) => to.write(`${chunked}5;name=`) && writeForEver(to, 'a'),
  ],
  [
    'sends trailers without an end',
    'provider_cut',
    (to) => to.write(`${chunked}0\r\n`) && writeForEver(to, 'X-Many: a\r\n'),
  ],
  [
    'sends interim responses without an end',
    'provider_cut',
    (to) => writeForEver(to, 'HTTP/1.1 103 Early Hints\r\n\r\n'),
  ],
  [
    'explains its failure without an end',
    'provider_error',
    (to) => to.write('HTTP/1.1 500 No\r\n\r\n') && writeForEver(to, 'Sorry, '),
  ],
];

describe('a provider that', { timeout: 90_000 }, () => {
  let faulty;
  let sound;
  let edge;
  let witness;
  before(async () => {
    faulty = await startRawProvider();
    sound = await startProvider(witnessScript);
    edge = await startEdge({
      provider: sound,
      env: {
        OPENROUTER_BASE_URL: faulty.baseUrl,
        OPENROUTER_API_KEY: 'sk-test-secret',
        ...quarantine,
      },
      limits: {
        answer: { retention: 0.3, linger: 0.3, log_bytes: 1 << 20 },
        provider: { first_byte: 1, between_bytes: 1.5, line_bytes: 1 << 20 },
        recovery: { retries: 0, continuations: 0, breaker_failures: 1_000_000, explanation: 0.3 },
        upstream: { idle_per_origin: 0 },
      },
    });
    witness = await startWitness(edge);
  });
  after(async () => {
    witness?.leave();
    assert.equal(await edge?.stop(), 0);
    await faulty?.stop();
    await sound?.stop();
  });

  const ask = (options = {}) =>
    postAnswer(edge.url, { request: question('Why?', { provider: 'openrouter' }), ...options });

  for (const [does, code, answer] of faults) {
    test(`${does} ends the answer with ${code}`, async () => {
      faulty.answer = answer;
      await leavesNothing(edge, async () => {
        const last = (await allEvents(await ask())).at(-1);
        assert.equal(last.type, 'error');
        assert.equal(last.code, code, last.message);
        assert.ok(last.message);
      });
      await until(() => faulty.connections() === 0, "the provider's connections are closed");
      await witness.goesOn();
    });
  }

  test('sends a byte now and then is waited for', async () => {
    faulty.answer = async (to) => {
      for (const byte of `${chunked}${chunk(event('slow'))}${chunk(end)}`) {
        to.write(byte);
        await sleep(2);
      }
      to.write('0\r\n\r\n');
    };
    await leavesNothing(edge, async () => {
      const all = await allEvents(await ask());
      assert.equal(all.at(-1).type, 'done');
      assert.equal(textOf(all), 'slow');
    });
    await witness.goesOn();
  });

  test('never stops is read as long as somebody reads, and no further', async () => {
    faulty.answer = (to) => to.write(`${head}\r\n`) && writeForEver(to, event('a'.repeat(1000)));
    await leavesNothing(
      edge,
      async () => {
        const response = await ask();
        let read = 0;
        for await (const { type, text } of events(response)) {
          if (type === 'delta') read += text.length;
          if (read > 4 << 20) break;
        }
        response.abort();
      },
      { times: 3 },
    );
    await until(() => faulty.connections() === 0, "the provider's connections are closed");
    await witness.goesOn();
  });

  test('never stops is stopped at once by the asker', async () => {
    faulty.answer = (to) => to.write(`${head}\r\n`) && writeForEver(to, event('a'.repeat(1000)));
    const key = freshKey();
    const response = await ask({ key });
    const ended = allEvents(response);
    await sleep(50);
    const stop = await send(`${edge.url}/v1/answers`, { method: 'DELETE', headers: { 'weir-key': key } }); // prettier-ignore
    assert.equal(stop.statusCode, 204);
    assert.equal((await ended).at(-1).code, 'cancelled');
    await until(() => faulty.connections() === 0, "the provider's connection is closed");
    await witness.goesOn();
  });
});

describe('an answer without an end', { timeout: 20_000 }, () => {
  test('ends when an answer has taken the time that it may', async () => {
    const faulty = await startRawProvider((to) => {
      to.write(`${head}\r\n`);
      const timer = setInterval(() => to.write(event('more ')), 10);
      to.on('close', () => clearInterval(timer));
    });
    const edge = await startEdge({ provider: faulty, limits: { provider: { whole_answer: 1 } } });
    const last = (await allEvents(await postAnswer(edge.url))).at(-1);
    assert.equal(last.code, 'provider_timeout');
    await until(() => faulty.connections() === 0, "the provider's connection is closed");
    assert.equal(await edge.stop(), 0);
    await faulty.stop();
  });
});
