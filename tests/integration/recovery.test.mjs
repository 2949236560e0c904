// Every provider in its own words, and what is done when one fails: over real sockets.
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { describe, test } from 'node:test';
import { startEdge } from '../support/edge.mjs';
import { startProvider } from '../support/fake-provider.mjs';
import {
  allEvents,
  events,
  freshKey,
  postAnswer,
  question,
  send,
  textOf,
} from '../support/http-client.mjs';
import { answerOf, formats } from '../support/provider-formats.mjs';

const limits = { recovery: { retry_first: 0.02, retry_most: 0.05 } };
const asked = (name) => question('Where is the answer?', { provider: name });
const kinds = (all) => all.filter(({ type }) => type === 'notice').map(({ kind }) => kind);

/** Calls get the scripts one after another, the last for all further ones. */
const inTurn = (...scripts) => {
  let call = 0;
  return () => scripts[Math.min(call++, scripts.length - 1)];
};

/** Runs an edge with a provider that does what `script` says, and asks it once. */
async function ask(name, script, { others = {}, args = [] } = {}) {
  const provider = await startProvider(script);
  const url = new URL(provider.baseUrl).origin;
  const edge = await startEdge({ env: { ...formats[name].env(url), ...others }, limits, args });
  try {
    const all = await allEvents(await postAnswer(edge.url, { request: asked(name) }));
    return { all, last: all.at(-1), calls: provider.calls, log: edge.stderr };
  } finally {
    assert.equal(await edge.stop(), 0);
    await provider.stop();
  }
}

for (const [name, format] of Object.entries(formats)) {
  describe(`${name}`, () => {
    test('answers in its own format', async () => {
      const { all, last, calls } = await ask(name, answerOf(format, ['The answer ', 'is 42.']));
      assert.equal(textOf(all), 'The answer is 42.');
      assert.deepEqual([last.type, last.finish_reason, last.timing.calls], ['done', 'stop', 1]);
      const usage = all.find(({ type }) => type === 'usage');
      assert.deepEqual([usage.prompt, usage.completion], [5, 7]);
      assert.equal(calls.length, 1);
      assert.match(calls[0].path, format.path);
    });

    test('refuses a key: at once, with what to set, and without the key', async () => {
      const { all, last, calls, log } = await ask(name, format.auth, {
        args: ['--fallback', 'extract'],
      });
      assert.equal(last.code, 'provider_auth');
      assert.match(last.hint, /[A-Z]+_(API_KEY|ACCESS_KEY)/);
      assert.equal(calls.length, 1);
      assert.deepEqual(kinds(all), []);
      assert.doesNotMatch(JSON.stringify(all) + log, /sk-test-secret/);
    });

    test('lacks the model: at once, with what to do', async () => {
      const script = format.models ? inTurn(format.missing, format.models) : format.missing;
      const { last, calls } = await ask(name, script);
      assert.equal(last.code, 'provider_model_missing');
      assert.ok(last.hint.length > 10);
      if (format.models) assert.match(last.hint, /ollama pull .* It has: qwen3:8b, phi4:latest\./);
      const paths = calls.slice(1).map(({ path }) => path);
      assert.deepEqual(paths, format.models ? ['/api/tags'] : []);
    });

    test('is overloaded: it is asked again, then answers', async () => {
      const script = inTurn(format.overloaded, answerOf(format, ['Yes.']));
      const { all, calls } = await ask(name, script);
      assert.equal(textOf(all), 'Yes.');
      assert.deepEqual(kinds(all), ['retrying']);
      assert.equal(calls.length, 2);
    });

    test('stays overloaded: so often, and the error says so', async () => {
      const { last, calls } = await ask(name, format.overloaded);
      assert.equal(last.code, 'provider_error');
      assert.equal(last.retryable, true);
      assert.equal(calls.length, 3);
    });

    test('finds the prompt too long: once more without passages', async () => {
      const script = inTurn(format.tooLong, answerOf(format, ['Short.']));
      const { all, calls } = await ask(name, script);
      assert.equal(textOf(all), 'Short.');
      assert.deepEqual(kinds(all), ['context_dropped']);
      assert.equal(calls.length, 2);
      assert.match(calls[0].body, /answer = 42/);
      assert.doesNotMatch(calls[1].body, /answer = 42/);
    });

    test('still finds it too long: the error has the counts', async () => {
      const { last, calls } = await ask(name, format.tooLong);
      assert.equal(last.code, 'context_too_long');
      assert.match(last.message, /\d+ tokens, of \d+/);
      assert.equal(calls.length, 2);
    });

    test('breaks off after text was shown: told, and not asked again unless it can go on', async () => {
      const { all, last, calls } = await ask(name, answerOf(format, ['Half'], { breaks: true }));
      if (calls.length === 1) assert.equal(textOf(all), 'Half');
      else for (const call of calls.slice(1)) assert.match(call.body, /Half/);
      assert.equal(last.type, 'error');
      assert.equal(last.code, 'provider_cut');
    });

    if (format.quota) {
      test('reaches a limit: the next of the chain answers', async () => {
        const standIn = name === 'openai' ? 'ollama' : 'openai';
        const fallback = await startProvider(answerOf(formats[standIn], ['Instead.']));
        const others = formats[standIn].env(new URL(fallback.baseUrl).origin);
        const { all, calls } = await ask(name, format.quota, {
          others,
          args: ['--fallback', standIn],
        });
        assert.equal(textOf(all), 'Instead.');
        assert.deepEqual(kinds(all), ['provider_switched']);
        assert.deepEqual([calls.length, fallback.calls.length], [1, 1]);
        await fallback.stop();
      });

      test('reaches a limit and nobody stands in: the error says how long to wait', async () => {
        const { last, calls } = await ask(name, format.quota);
        assert.equal(last.code, 'provider_quota');
        if (name !== 'bedrock') assert.equal(last.retry_after_ms, 7000);
        assert.equal(calls.length, 1);
      });
    }

    test('is not there: asked again, then told what to do', async () => {
      const nobody = createServer().listen(0, '127.0.0.1');
      await new Promise((listening) => nobody.on('listening', listening));
      const url = `http://127.0.0.1:${nobody.address().port}`;
      await new Promise((closed) => nobody.close(closed));
      const edge = await startEdge({ env: format.env(url), limits });
      const all = await allEvents(await postAnswer(edge.url, { request: asked(name) }));
      assert.equal(all.at(-1).code, 'provider_unreachable');
      assert.deepEqual(kinds(all), ['retrying', 'retrying']);
      assert.match(all.at(-1).hint, name === 'ollama' ? /ollama serve/ : /address/);
      assert.equal(await edge.stop(), 0);
    });
  });
}

describe('several keys', () => {
  test('take turns, and a limited one rests', async () => {
    const { openai } = formats;
    const yes = answerOf(openai, ['Yes.']);
    const used = [];
    const provider = await startProvider((call) => {
      used.push(call.headers.authorization);
      return call.headers.authorization === 'Bearer one' ? openai.quota : yes;
    });
    const edge = await startEdge({
      env: { OPENAI_BASE_URL: provider.baseUrl, OPENAI_API_KEY: 'one,two' },
    });
    for (let i = 0; i < 3; ++i) {
      const all = await allEvents(await postAnswer(edge.url, { request: asked('openai') }));
      assert.equal(textOf(all), 'Yes.');
    }
    assert.deepEqual(used, ['Bearer one', 'Bearer two', 'Bearer two', 'Bearer two']);
    assert.equal(await edge.stop(), 0);
    await provider.stop();
  });
});

describe('a provider that is slow', () => {
  test('is asked beside another one, and whoever speaks first answers', async () => {
    const { openai, ollama } = formats;
    const slow = await startProvider({ hang: true });
    const quick = await startProvider(answerOf(ollama, ['Quick.']));
    const edge = await startEdge({
      env: {
        ...openai.env(new URL(slow.baseUrl).origin),
        ...ollama.env(new URL(quick.baseUrl).origin),
      },
      args: ['--fallback', 'ollama'],
      limits: { recovery: { hedge: 0.1 } },
    });
    const all = await allEvents(await postAnswer(edge.url, { request: asked('openai') }));
    assert.equal(textOf(all), 'Quick.');
    assert.deepEqual(kinds(all), ['provider_switched']);
    const call = await slow.call(0);
    await call.closed;
    assert.ok(call.closedByPeer);
    assert.deepEqual([slow.calls.length, quick.calls.length], [1, 1]);
    assert.equal(await edge.stop(), 0);
    await slow.stop();
    await quick.stop();
  });
});

describe('a provider that keeps failing', () => {
  test('is left out for a while, then tried again', async () => {
    const { openai, google } = formats;
    let broken = true;
    const first = await startProvider(() => (broken ? openai.overloaded : answerOf(openai, ['A'])));
    const second = await startProvider(answerOf(google, ['B']));
    const edge = await startEdge({
      env: {
        ...openai.env(new URL(first.baseUrl).origin),
        ...google.env(new URL(second.baseUrl).origin),
      },
      limits: { recovery: { ...limits.recovery, breaker_failures: 3, breaker_rest: 1 } },
      args: ['--fallback', 'google'],
    });
    const answer = async () =>
      textOf(await allEvents(await postAnswer(edge.url, { request: asked('openai') })));
    assert.equal(await answer(), 'B');
    assert.equal(first.calls.length, 3);
    broken = false;
    assert.equal(await answer(), 'B');
    assert.equal(first.calls.length, 3);
    await new Promise((rested) => setTimeout(rested, 1100));
    assert.equal(await answer(), 'A');
    assert.equal(await edge.stop(), 0);
    await first.stop();
    await second.stop();
  });
});

describe('Stop while the next try is waited for', () => {
  test('ends the answer at once, and the provider is not asked again', async () => {
    const provider = await startProvider(formats.openai.overloaded);
    const edge = await startEdge({
      provider,
      limits: { recovery: { retry_first: 20, retry_most: 20 } },
    });
    const key = freshKey();
    const seen = events(await postAnswer(edge.url, { key }));
    for await (const { kind } of seen) if (kind === 'retrying') break;
    const since = performance.now();
    const stopped = await send(`${edge.url}/v1/answers`, { method: 'DELETE', headers: { 'weir-key': key } }); // prettier-ignore
    assert.equal(stopped.statusCode, 204);
    const again = await allEvents(await postAnswer(edge.url, { key }));
    assert.equal(again.at(-1).code, 'cancelled');
    assert.ok(performance.now() - since < 1000);
    assert.equal(provider.calls.length, 1);
    assert.equal(await edge.stop(), 0);
    await provider.stop();
  });
});
