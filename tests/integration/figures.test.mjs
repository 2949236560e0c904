// What an operator sees: metrics, a record of each answer, and traces that go on to the provider.
import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import { startEdge } from '../support/edge.mjs';
import { startProvider } from '../support/fake-provider.mjs';
import { allEvents, freshKey, postAnswer, question, send } from '../support/http-client.mjs';
import { connect } from '../support/websocket.mjs';

let edge;
let provider;
afterEach(async () => {
  assert.equal(await edge.stop(), 0);
  await provider.stop();
});

async function start(script, options = {}) {
  provider = await startProvider(script);
  edge = await startEdge({ provider, limits: { recovery: { retries: 0 } }, ...options });
}

const ask = async (request = question(), headers = {}) =>
  allEvents(await postAnswer(edge.url, { request, headers }));

/** The samples of /metrics, by name and labels as they are written. */
async function samples() {
  const text = await (await fetch(`${edge.url}/metrics`)).text();
  const found = {};
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const at = line.lastIndexOf(' ');
    assert.ok(!(line.slice(0, at) in found), `${line} comes twice`);
    found[line.slice(0, at)] = Number(line.slice(at + 1));
  }
  return found;
}

/** The records that the edge has written, one at least. */
async function records() {
  for (;;) {
    const lines = edge.stderr.split('\n').filter((line) => line.startsWith('{'));
    if (lines.length > 0) return lines.map((line) => JSON.parse(line));
    await new Promise((done) => edge.child.stderr.once('data', done));
  }
}

const chat = (model, more = '') =>
  `gen_ai_operation_name="chat",gen_ai_provider_name="openai",gen_ai_request_model="${model}"${more}`;

describe('metrics', () => {
  test('have what OpenTelemetry names under its names', async () => {
    await start({ headDelay: 30, betweenDelay: 30 });
    await ask();
    await ask(question('Again?', { model: 'gpt-4o' }));
    await ask(question('Whose?', { model: 'a-model-of-my-own' }));
    const found = await samples();
    const models = Object.keys(found)
      .map((name) => /^gen_ai_client_operation_duration_seconds_count\{(.*)\}$/.exec(name)?.[1])
      .filter(Boolean);
    assert.ok(models.includes(chat('_OTHER')), 'what anybody may name is no label');
    const first = models.find((labels) => labels !== chat('_OTHER'));
    for (const [name, least] of [
      ['gen_ai_client_operation_duration_seconds', 0.09],
      ['gen_ai_client_operation_time_to_first_chunk_seconds', 0.03],
    ]) {
      assert.ok(found[`${name}_count{${first}}`] >= 1, name);
      assert.ok(found[`${name}_sum{${first}}`] >= least, name);
      assert.equal(
        found[`${name}_bucket{${first},le="+Inf"}`],
        found[`${name}_count{${first}}`],
        name,
      );
      assert.equal(found[`${name}_bucket{${first},le="0.01"}`], 0, name);
    }
    const chunks = 'gen_ai_client_operation_time_per_output_chunk_seconds';
    assert.equal(found[`${chunks}_count{${chat('_OTHER')}}`], 2);
    const usage = 'gen_ai_client_token_usage_sum';
    assert.equal(found[`${usage}{${chat('_OTHER', ',gen_ai_token_type="input"')}}`], 11);
    assert.equal(found[`${usage}{${chat('_OTHER', ',gen_ai_token_type="output"')}}`], 7);
    assert.equal(found['weir_answers_ended_total{outcome="done"}'], 3);
    assert.ok(found.process_resident_memory_bytes > 1e6);
    assert.ok(found.process_open_fds > 3);
  });

  test('tell calls that failed by their errors', async () => {
    await start({ status: 401, body: { error: { message: 'no' } } });
    await ask();
    const found = await samples();
    const durations = Object.keys(found).filter((name) =>
      name.startsWith('gen_ai_client_operation_duration_seconds_count'),
    );
    assert.equal(durations.length, 1);
    assert.match(durations[0], /error_type="provider_auth"/);
    assert.equal(found['weir_answers_ended_total{outcome="provider_auth"}'], 1);
  });

  test('count waits, resumes and refusals', async () => {
    let letGo;
    const held = new Promise((done) => (letGo = done));
    await start({ pauseAt: 1, goOn: held }, { limits: { admission: { running: 1, queue: 1 } } });
    const key = freshKey();
    const first = await postAnswer(edge.url, { key });
    await provider.call(0);
    const second = await postAnswer(edge.url, { request: question('Two?') });
    const third = await postAnswer(edge.url, { request: question('Three?') });
    assert.equal(third.statusCode, 503);
    const again = await postAnswer(edge.url, { key });
    letGo();
    await Promise.all([first, second, again].map(allEvents));
    const found = await samples();
    assert.equal(found.weir_queue_wait_seconds_count, 1);
    assert.equal(found['weir_refused_total{code="queue_full"}'], 1);
    assert.equal(found.weir_resumes_total, 1);
  });
});

describe('records', () => {
  test('say of each answer what became of it, and nothing of what was said', async () => {
    await start();
    const key = freshKey();
    const request = question('The secret question');
    const response = await postAnswer(edge.url, { key, request });
    const id = response.headers['weir-answer'];
    await allEvents(response);
    const [record, ...others] = await records();
    assert.equal(others.length, 0);
    assert.match(record.time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    assert.match(record.trace_id, /^[0-9a-f]{32}$/);
    assert.ok(record.prompt_tokens > 0);
    assert.ok(record.first_ms <= record.duration_ms);
    const { event, outcome, provider: name, input_tokens, output_tokens, calls } = record;
    assert.deepEqual(
      { event, outcome, name, input_tokens, output_tokens, calls },
      {
        event: 'answer',
        outcome: 'done',
        name: 'openai',
        input_tokens: 11,
        output_tokens: 7,
        calls: 1,
      },
    );
    for (const secret of ['secret', 'answer is in', 'widgets', 'sk-test', key, id]) {
      assert.ok(!edge.stderr.includes(secret), secret);
    }
  });

  test('say which error ended an answer, and after how many calls', async () => {
    await start({ cutAt: 0 }, { limits: { recovery: { retries: 1, retry_first: 0.01 } } });
    await ask();
    const [record] = await records();
    assert.equal(record.outcome, 'provider_cut');
    assert.equal(record.calls, 2);
    assert.equal(record.first_ms, undefined);
  });

  test('are not written where they are not wanted', async () => {
    await start({}, { config: { log_answers: false } });
    await ask();
    await samples();
    assert.ok(!edge.stderr.includes('{'));
  });
});

describe('a trace', () => {
  const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
  const given = `00-${trace}-00f067aa0ba902b7-01`;
  const sent = (index) =>
    /^00-([0-9a-f]{32})-([0-9a-f]{16})-(0[01])$/.exec(provider.calls[index].headers.traceparent);

  test('goes on to the provider as a part of its own', async () => {
    await start();
    await ask(question(), { traceparent: given });
    await ask(question('Again?'), { traceparent: given });
    const [, id, span, flags] = sent(0);
    assert.deepEqual([id, flags], [trace, '01']);
    assert.notEqual(span, '00f067aa0ba902b7');
    assert.notEqual(sent(1)[2], span);
    assert.equal((await records())[0].trace_id, trace);
  });

  test('is begun where none is given, or a broken one', async () => {
    await start();
    const broken = [
      undefined,
      'nonsense',
      given.toUpperCase(),
      given.replace(trace, '0'.repeat(32)),
    ];
    for (const header of broken)
      await ask(question(`${header}`), header ? { traceparent: header } : {});
    const ids = broken.map((_, index) => sent(index)[1]);
    assert.equal(new Set(ids).size, broken.length);
    assert.ok(!ids.includes(trace));
    assert.ok(ids.every((id) => id !== '0'.repeat(32)));
    assert.equal(sent(0)[3], '00');
  });

  test('is taken from all that ask', async () => {
    await start();
    const headers = { traceparent: given, 'content-type': 'application/json' };
    const messages = [{ role: 'user', content: 'Why?' }];
    const body = JSON.stringify({ model: 'gpt-4o', messages });
    const completion = await send(`${edge.url}/v1/chat/completions`, {
      method: 'POST',
      headers,
      body,
    });
    completion.resume();
    await provider.call(0);
    const socket = await connect(`${edge.url}/v1/socket`, { headers });
    socket.sendJson({ type: 'ask', ref: 1, key: freshKey(), request: question() });
    await provider.call(1);
    const text = await connect(`${edge.url}/ws/chat`, { protocol: '', headers });
    text.sendJson(question());
    await provider.call(2);
    assert.deepEqual(
      [0, 1, 2].map((index) => sent(index)[1]),
      [trace, trace, trace],
    );
  });
});
