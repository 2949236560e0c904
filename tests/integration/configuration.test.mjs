// The configuration file: checked before a start, read anew while answers run.
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { binaries, startEdge } from '../support/edge.mjs';
import { startProvider } from '../support/fake-provider.mjs';
import { allEvents, events, postAnswer, question, textOf } from '../support/http-client.mjs';

let folder;
let file;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'weir-configuration-'));
  file = join(folder, 'config.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** About so many bytes. */
const randomLines = (bytes) => randomBytes(bytes / 2).toString('hex').match(/.{1,64}/g).join('\n'); // prettier-ignore

const write = (content) =>
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));

describe('--check-config', () => {
  const check = (content) =>
    new Promise((done) => {
      write(content);
      const given = ['--config', file, '--check-config'];
      execFile(join(binaries, 'weir-edge'), given, { timeout: 10_000 }, (error, stdout, stderr) =>
        done({ status: error?.code ?? 0, stdout, stderr }),
      );
    });

  test('says that a file is right, and opens no port', async () => {
    const { status, stdout, stderr } = await check({ threads: 2, limits: { server: { idle: 5 } } });
    assert.equal(status, 0, stderr);
    assert.equal(stdout, `${file} is right\n`);
  });

  test('names everything that is wrong, each by its path', async () => {
    const { status, stdout, stderr } = await check({
      threads: 0,
      sites: 'dist',
      trusted_proxies: ['10.0.0.0/8', 'nginx'],
      providers: { openai: { key: 'sk-secret' } },
      limits: { server: { drain: '30', drains: 1 } },
    });
    assert.equal(status, 2);
    assert.equal(stdout, '');
    for (const expected of [
      'threads must be a whole number from 1 to 64.',
      'sites is not a member of a config file. Known here are: $schema, listen,',
      'trusted_proxies[1] must be an address or a range of them, as 192.0.2.1 or 10.0.0.0/8.',
      'providers.openai.key is not a member of a config file. Known here are: base_url, api_key.',
      'limits.server.drain must be a number of seconds, at most 30 days.',
      'limits.server.drains is not a member of a config file. Known here are: ',
    ]) {
      assert.ok(stderr.includes(`weir-edge: ${expected}`), `${expected}\nis not in\n${stderr}`);
    }
    assert.ok(!stderr.includes('sk-secret'));
  });

  test('names what is wrong beyond the file', async () => {
    const missing = await check({ packs: join(folder, 'nowhere') });
    assert.equal(missing.status, 2);
    assert.match(missing.stderr, /nowhere: No such file or directory/);
    const unknown = await check({ provider: 'nobody' });
    assert.equal(unknown.status, 2);
    assert.match(unknown.stderr, /names nobody, which is not configured/);
  });

  test('names the place where a file is no JSON', async () => {
    const { status, stderr } = await check('{"threads": 1,}');
    assert.equal(status, 2);
    assert.match(stderr, /config\.json is wrong:\n.*Not valid JSON, near byte 15/);
  });
});

describe('SIGHUP', () => {
  let edge;
  let providers;
  beforeEach(async () => {
    providers = [];
  });
  afterEach(async () => {
    assert.equal(await edge.stop(), 0);
    for (const provider of providers) await provider.stop();
  });

  async function newProvider(script) {
    const provider = await startProvider(script);
    providers.push(provider);
    return provider;
  }

  const configured = (provider, key, more = {}) => ({
    providers: { openai: { base_url: provider.baseUrl, api_key: key } },
    ...more,
  });

  async function start(content, args = []) {
    write(content);
    edge = await startEdge({ args: ['--config', file, ...args] });
  }

  /** Puts the file into force, and gives what the edge says to that. */
  async function reload(content) {
    write(content);
    const before = edge.stderr.length;
    edge.signal('SIGHUP');
    for (;;) {
      const said = edge.stderr.slice(before);
      if (/the configuration was (not )?read anew/.test(said)) return said;
      await new Promise((done) => edge.child.stderr.once('data', done));
    }
  }

  test('puts another provider and key into force, and what streams goes on', async () => {
    let goOn;
    const held = new Promise((done) => (goOn = done));
    const first = await newProvider({ pauseAt: 1, goOn: held });
    const second = await newProvider({ pieces: ['Another provider.'] });
    await start(configured(first, 'key-one'));
    const running = events(await postAnswer(edge.url, { request: question('Which?') }));
    let text = '';
    while (text === '') {
      const { value } = await running.next();
      if (value.type === 'delta') text += value.text;
    }

    await reload(configured(second, 'key-two'));
    const after = await allEvents(await postAnswer(edge.url, { request: question('And now?') }));
    assert.equal(textOf(after), 'Another provider.');
    assert.equal(second.calls[0].headers.authorization, 'Bearer key-two');

    goOn();
    let end;
    for await (const event of running) {
      if (event.type === 'delta') text += event.text;
      end = event;
    }
    assert.equal(end.type, 'done');
    assert.equal(text, 'The answer is in [1].');
    assert.equal(first.calls.length, 1);
    assert.equal(first.calls[0].headers.authorization, 'Bearer key-one');
  });

  test('lets an answer be tried again that began before it', async () => {
    const broken = await newProvider({ hang: true });
    const sound = await newProvider();
    const limits = { recovery: { retry_first: 0.02, retries: 3 } };
    await start(configured(broken, 'old', { limits }));
    const answer = postAnswer(edge.url, { request: question('Which?') });
    await broken.call(0);
    await reload(configured(sound, 'new', { limits }));
    await reload(configured(sound, 'newer', { limits }));
    broken.script = {};
    for (const socket of broken.sockets) socket.destroy();
    const list = await allEvents(await answer);
    assert.equal(list.at(-1).type, 'done');
    assert.equal(broken.calls.at(-1).headers.authorization, 'Bearer old');
  });

  test('changes limits, hosts and origins', async () => {
    const provider = await newProvider();
    await start(configured(provider, 'k'));
    const asked = () => fetch(`${edge.url}/livez`, { headers: { origin: 'https://app.example' } });
    assert.equal((await asked()).status, 403);
    await reload(
      configured(provider, 'k', {
        allow_origins: ['https://app.example'],
        limits: { admission: { requests_per_minute: 1, queue_wait: 1 } },
      }),
    );
    assert.equal((await asked()).status, 200);
    await allEvents(await postAnswer(edge.url, { request: question('One') }));
    const second = await postAnswer(edge.url, { request: question('Two') });
    assert.equal(second.statusCode, 429);
    await reload(configured(provider, 'k'));
    assert.equal((await postAnswer(edge.url, { request: question('Three') })).statusCode, 200);
  });

  test('leaves everything as it is where the file is wrong, and says so', async () => {
    const provider = await newProvider();
    await start(configured(provider, 'right'));
    const said = await reload({ providers: { openai: { api_key: 7 } }, limits: { nothing: {} } });
    assert.match(said, /providers\.openai\.api_key must be a string\./);
    assert.match(said, /limits\.nothing is not a member/);
    assert.match(said, /was not read anew: everything stays as it is/);
    const list = await allEvents(await postAnswer(edge.url, { request: question('Still?') }));
    assert.equal(list.at(-1).type, 'done');
    assert.equal(provider.calls[0].headers.authorization, 'Bearer right');
    assert.match(await reload('{'), /not read anew/);
    assert.match(await reload({ provider: 'nobody' }), /not configured.*\n.*not read anew/);
  });

  test('says what takes a restart', async () => {
    const provider = await newProvider();
    await start(configured(provider, 'k'));
    const said = await reload(configured(provider, 'k', { threads: 3, share_port: true }));
    assert.match(said, /threads was changed: that takes a restart/);
    assert.match(said, /share_port was changed: that takes a restart/);
    assert.doesNotMatch(said, /listen was changed/);
  });

  test('offers the packs that are there now, and gives the old one to who was loading it', async () => {
    const packs = join(folder, 'packs');
    const sources = join(folder, 'sources');
    mkdirSync(packs);
    mkdirSync(sources);
    // More than a socket takes at once, and not to be compressed.
    writeFileSync(join(sources, 'numbers.txt'), randomLines(2_000_000));
    const index = (name, commit) =>
      execFileSync(join(binaries, 'weir'), ['index', sources, '-o', join(packs, name), '--repository', 'sums', '--commit', commit], { stdio: 'pipe' }); // prettier-ignore
    const listed = async () =>
      (await (await fetch(`${edge.url}/packs/`)).json()).map(({ file, commit }) => [file, commit]);
    const [older, newer] = ['a'.repeat(40), 'b'.repeat(40)];
    index('sums.weir', older);
    const bytes = readFileSync(join(packs, 'sums.weir'));
    await start({ packs });
    assert.deepEqual(await listed(), [['sums.weir', older]]);

    const loading = await fetch(`${edge.url}/packs/sums.weir`);
    index('sums.weir', newer);
    index('more.weir', newer);
    const looked = new Promise((done) =>
      edge.child.stderr.on('data', () => /packs: 2/.test(edge.stderr) && done()),
    );
    await reload({ packs });
    await looked;
    assert.deepEqual(await listed(), [
      ['more.weir', newer],
      ['sums.weir', newer],
    ]);
    assert.ok(bytes.equals(Buffer.from(await loading.arrayBuffer())));
    const found = await allEvents(
      await postAnswer(edge.url, {
        request: { ...question('numbers'), repo_url: 'https://h/o/sums' },
      }),
    );
    assert.equal(found.at(-1).type, 'done');

    rmSync(packs, { recursive: true });
    const said = edge.stderr.length;
    await reload({ packs });
    while (!/the packs stay as they are/.test(edge.stderr.slice(said))) {
      await new Promise((done) => edge.child.stderr.once('data', done));
    }
    assert.equal((await listed()).length, 2);
  });

  test('keeps what the flags say', async () => {
    const provider = await newProvider();
    await start(configured(provider, 'k'), ['--model', 'from-the-flag']);
    await reload(configured(provider, 'k', { model: 'from-the-file' }));
    await allEvents(await postAnswer(edge.url, { request: question('Which?') }));
    assert.equal(provider.calls[0].json.model, 'from-the-flag');
  });
});
