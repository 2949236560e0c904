// Who may ask: everybody on loopback, who has a code, or who has a signed token.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import OpenAI from 'openai';
import { binaries, startEdge } from '../support/edge.mjs';
import { startProvider } from '../support/fake-provider.mjs';
import { allEvents, freshKey, json, postAnswer, question, send } from '../support/http-client.mjs';
import { newKey, signed, unsigned } from '../support/tokens.mjs';
import { connect } from '../support/websocket.mjs';

const bearer = (credential) => ({ authorization: `Bearer ${credential}` });
const ask = (edge, credential, request = question()) =>
  postAnswer(edge.url, { request, headers: credential === undefined ? {} : bearer(credential) });

async function refusalOf(response) {
  return { status: response.statusCode, ...(await json(response)).error };
}

/** Asks on a socket, and gives the first frame under the ask's ref. */
async function askOn(socket, ref, request = question()) {
  socket.sendJson({ type: 'ask', ref, key: freshKey(), request });
  for (;;) {
    const frame = JSON.parse(await socket.next());
    if (frame.ref === ref) return frame;
  }
}

let folder;
let edge;
let provider;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'weir-access-'));
  provider = await startProvider();
});
after(async () => {
  await provider.stop();
  rmSync(folder, { recursive: true });
});
afterEach(async () => {
  if (edge) assert.equal(await edge.stop(), 0);
  edge = undefined;
});

const start = async (config, more = {}) => (edge = await startEdge({ provider, config, ...more }));

describe('an open edge', () => {
  test('does not start beyond loopback unless it is told so', async () => {
    const refused = startEdge({ provider, listen: '0.0.0.0:0' });
    await assert.rejects(refused, /0\.0\.0\.0 is reached by others.*may ask.*access/s);
    await start({ access: { beyond_loopback: true } }, { listen: '0.0.0.0:0' });
    edge.url = edge.url.replace('0.0.0.0', '127.0.0.1');
    assert.equal((await ask(edge)).statusCode, 200);
  });

  test('wants nothing, and minds nothing that is sent', async () => {
    await start();
    assert.equal((await ask(edge)).statusCode, 200);
    assert.equal((await ask(edge, 'anything')).statusCode, 200);
  });
});

describe('an edge with codes', () => {
  const config = {
    access: {
      mode: 'codes',
      codes: [
        { name: 'readers', code: 'correct horse' },
        { name: 'guests', code: 'battery staple', requests_per_minute: 1 },
      ],
    },
    limits: { admission: { queue_wait: 1 } },
  };

  test('answers who has one, over HTTP', async () => {
    await start(config);
    const list = await allEvents(await ask(edge, 'correct horse'));
    assert.equal(list.at(-1).type, 'done');
    const without = await ask(edge);
    assert.equal(without.headers['www-authenticate'], 'Bearer');
    assert.deepEqual(
      [await refusalOf(without), await refusalOf(await ask(edge, 'correct'))].map((each) => [
        each.status,
        each.code,
        each.message,
      ]),
      [
        [401, 'unauthorized', 'This edge wants a code.'],
        [401, 'unauthorized', 'The code is wrong.'],
      ],
    );
    assert.ok(!edge.stderr.includes('correct'));
  });

  test('answers who has one, over a WebSocket', async () => {
    await start(config);
    const socket = await connect(`${edge.url}/v1/socket`);
    const before = await askOn(socket, 1);
    assert.deepEqual([before.type, before.code], ['error', 'unauthorized']);
    socket.sendJson({ type: 'access', token: 'wrong' });
    const wrong = JSON.parse(await socket.next());
    assert.deepEqual([wrong.ref, wrong.code], [0, 'unauthorized']);
    assert.equal((await askOn(socket, 2)).message, 'The code is wrong.');
    socket.sendJson({ type: 'access', token: 'correct horse' });
    assert.equal((await askOn(socket, 3)).type, 'accepted');
    socket.sendJson({ type: 'access', token: '' });
    assert.equal((await askOn(socket, 4)).code, 'unauthorized');
    socket.sendClose(1000);
    await socket.finished();
  });

  test('counts the clients of a code together', async () => {
    await start(config);
    await allEvents(await ask(edge, 'battery staple'));
    assert.equal((await refusalOf(await ask(edge, 'battery staple'))).code, 'rate_limited');
    assert.equal((await ask(edge, 'correct horse')).statusCode, 200);
  });

  test('lets nobody guess for long', async () => {
    await start({ ...config, limits: { access: { wrong_per_minute: 3 } } });
    const codes = [];
    for (let i = 0; i < 5; ++i) codes.push((await refusalOf(await ask(edge, `guess ${i}`))).code);
    assert.deepEqual(codes, [...Array(3).fill('unauthorized'), 'rate_limited', 'rate_limited']);
  });

  test('judges each ask of a socket when it comes', async () => {
    const file = join(folder, 'config.json');
    writeFileSync(file, JSON.stringify(config));
    await start(undefined, { args: ['--config', file] });
    const socket = await connect(`${edge.url}/v1/socket`);
    socket.sendJson({ type: 'access', token: 'correct horse' });
    assert.equal((await askOn(socket, 1)).type, 'accepted');
    const codes = [{ name: 'readers', code: 'another one' }];
    writeFileSync(file, JSON.stringify({ access: { mode: 'codes', codes } }));
    edge.signal('SIGHUP');
    while (!edge.stderr.includes('read anew')) {
      await new Promise((done) => edge.child.stderr.once('data', done));
    }
    assert.equal((await askOn(socket, 2)).code, 'unauthorized');
  });

  test("takes it as OpenAI's key", async () => {
    await start(config);
    const messages = [{ role: 'user', content: 'Why?' }];
    const clientOf = (apiKey) =>
      new OpenAI({ baseURL: `${edge.url}/v1`, apiKey, maxRetries: 0 }).chat.completions;
    const right = await clientOf('correct horse').create({ model: 'gpt-4o', messages });
    assert.equal(right.choices[0].finish_reason, 'stop');
    await assert.rejects(
      clientOf('sk-nobody').create({ model: 'gpt-4o', messages }),
      OpenAI.AuthenticationError,
    );
    const embeddings = new OpenAI({ baseURL: `${edge.url}/v1`, apiKey: 'x', maxRetries: 0 });
    await assert.rejects(
      embeddings.embeddings.create({ model: 'text-embedding-3-small', input: 'a' }),
      OpenAI.AuthenticationError,
    );
  });
});

describe("deepwiki-open's code", () => {
  const env = { DEEPWIKI_AUTH_MODE: 'true', DEEPWIKI_AUTH_CODE: 'letmein' };
  const validate = (code) =>
    send(`${edge.url}/auth/validate`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code }),
    });

  test('is asked for and validated as its own server does', async () => {
    await start(undefined, { env });
    assert.deepEqual(await json(await send(`${edge.url}/auth/status`)), { auth_required: true });
    assert.deepEqual(await json(await validate('wrong')), { success: false });
    assert.deepEqual(await json(await validate('letmein')), { success: true });
    assert.equal((await ask(edge, 'letmein')).statusCode, 200);
  });

  test('lets its pages chat once they have given it', async () => {
    await start(undefined, { env });
    const chat = (headers) => connect(`${edge.url}/ws/chat`, { protocol: '', headers });
    await assert.rejects(chat({}), { status: 401 });
    const given = await validate('letmein');
    const [cookie] = given.headers['set-cookie'];
    assert.match(cookie, /; HttpOnly; SameSite=Strict; Path=\/$/);
    const socket = await chat({ cookie: `other=1; ${cookie.split(';')[0]}` });
    socket.sendJson(question());
    assert.match(await socket.next(), /answer/);
    assert.equal((await validate('wrong')).headers['set-cookie'], undefined);
  });

  test('guards nothing where the mode is off', async () => {
    await start(undefined, { env: { ...env, DEEPWIKI_AUTH_MODE: 'false' } });
    assert.deepEqual(await json(await send(`${edge.url}/auth/status`)), { auth_required: false });
    assert.equal((await ask(edge)).statusCode, 200);
  });
});

describe('an edge with tokens', () => {
  const keys = {
    hs: newKey('HS256', 'hs'),
    rs: newKey('RS256', 'rs'),
    es: newKey('ES256', 'es'),
  };
  const now = () => Math.floor(Date.now() / 1000);
  const claims = (more = {}) => ({
    iss: 'https://issuer.example',
    aud: 'weir',
    sub: 'somebody',
    exp: now() + 600,
    ...more,
  });
  const access = (keysAt) => ({
    mode: 'tokens',
    keys: keysAt,
    issuer: 'https://issuer.example',
    audience: 'weir',
  });

  async function startWith(list = Object.values(keys), more = {}) {
    const file = join(folder, 'keys.json');
    writeFileSync(file, JSON.stringify({ keys: list.map(({ jwk }) => jwk) }));
    return start({ access: access(file), limits: { admission: { queue_wait: 1 } }, ...more });
  }

  test('answers who has one, whichever algorithm its key is for', async () => {
    await startWith();
    for (const key of Object.values(keys)) {
      const list = await allEvents(await ask(edge, signed(key, claims())));
      assert.equal(list.at(-1).type, 'done', key.algorithm);
    }
    const socket = await connect(`${edge.url}/v1/socket`);
    socket.sendJson({ type: 'access', token: signed(keys.es, claims()) });
    assert.equal((await askOn(socket, 1)).type, 'accepted');
  });

  test('refuses every other one', async () => {
    await startWith();
    const other = newKey('RS256', 'rs');
    const fine = signed(keys.rs, claims());
    const [header, payload, signature] = fine.split('.');
    const confused = { algorithm: 'HS256', id: 'rs', secret: keys.rs.pem };
    const encoded = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const wrong = {
      nothing: ['', 'wants a token'],
      'no token': ['abc', 'is no token'],
      'another key of the same name': [signed(other, claims()), 'signature is wrong'],
      'an unknown key': [signed(newKey('ES256', 'unknown'), claims()), 'key that is not known'],
      'no key named, of several': [signed(keys.rs, claims(), { kid: undefined }), 'not known'],
      none: [unsigned(claims()), 'not known'],
      'none under a known key': [unsigned(claims(), { kid: 'rs' }), "key's algorithm, RS256"],
      'the public key as a secret': [signed(confused, claims()), "key's algorithm, RS256"],
      'another algorithm of its kind': [
        signed(keys.rs, claims(), { alg: 'RS512' }),
        "key's algorithm, RS256",
      ],
      'other claims under the signature': [
        `${header}.${encoded(claims({ sub: 'admin' }))}.${signature}`,
        'signature is wrong',
      ],
      'no signature': [`${header}.${payload}.`, 'signature is wrong'],
      'an extension that must be understood': [
        signed(keys.rs, claims(), { crit: ['b64'], b64: false }),
        'extension',
      ],
      expired: [signed(keys.rs, claims({ exp: now() - 61 })), 'has expired'],
      'one that never expires': [signed(keys.rs, claims({ exp: undefined })), 'no time at which'],
      'one for later': [signed(keys.rs, claims({ nbf: now() + 120 })), 'not good yet'],
      'of another issuer': [signed(keys.rs, claims({ iss: 'https://evil.example' })), 'issuer'],
      'for another audience': [signed(keys.rs, claims({ aud: ['other'] })), 'not for this edge'],
      'for nobody': [signed(keys.rs, claims({ sub: undefined })), '`sub`'],
      'with wrong limits': [signed(keys.rs, claims({ weir: { running: 'x' } })), '`weir`'],
      oversized: [signed(keys.rs, claims({ more: 'x'.repeat(9000) })), 'longer than 8192'],
    };
    for (const [what, [token, message]] of Object.entries(wrong)) {
      const refusal = await refusalOf(await ask(edge, token));
      assert.deepEqual([refusal.status, refusal.code], [401, 'unauthorized'], what);
      assert.ok(refusal.message.includes(message), `${what}: ${refusal.message}`);
    }
    assert.equal(edge.stderr.includes(signature), false);
    const late = signed(keys.rs, claims({ exp: now() - 30, nbf: now() + 30, aud: ['a', 'weir'] }));
    assert.equal((await ask(edge, late)).statusCode, 200, 'clocks may differ by a minute');
  });

  test('goes by the limits that it names, client by client', async () => {
    await startWith();
    const token = (sub) => signed(keys.es, claims({ sub, weir: { requests_per_minute: 1 } }));
    await allEvents(await ask(edge, token('one')));
    assert.equal((await refusalOf(await ask(edge, token('one')))).code, 'rate_limited');
    assert.equal((await ask(edge, token('two'))).statusCode, 200);
  });

  test('fetches the keys, and again where a token names a new one', async () => {
    let published = [keys.rs];
    let fetches = 0;
    const issuer = createServer((_, response) => {
      fetches++;
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ keys: published.map(({ jwk }) => jwk) }));
    });
    await new Promise((done) => issuer.listen(0, '127.0.0.1', done));
    const limits = { access: { refresh_least: 0.2 } };
    const address = `http://127.0.0.1:${issuer.address().port}/jwks.json`;
    await start({ access: access(address), limits });
    const ready = async () => (await send(`${edge.url}/readyz`)).statusCode === 200;
    while (!(await ready())) await new Promise((done) => setTimeout(done, 20));
    assert.equal((await ask(edge, signed(keys.rs, claims()))).statusCode, 200);
    assert.equal(fetches, 1);

    published = [keys.rs, keys.es, keys.hs];
    const fresh = signed(keys.es, claims());
    for (let tries = 0; (await ask(edge, fresh)).statusCode !== 200; ++tries) {
      assert.ok(tries < 100, 'the new key was never fetched');
      await new Promise((done) => setTimeout(done, 50));
    }
    assert.equal(fetches, 2);
    const secret = await ask(edge, signed(keys.hs, claims()));
    assert.equal(secret.statusCode, 401, 'a secret has no place at an address');
    issuer.close();
    issuer.closeAllConnections();
  });

  test('is not ready, and says why, where the keys cannot be fetched', async () => {
    await start({ access: access('http://127.0.0.1:1/jwks.json') });
    assert.equal((await send(`${edge.url}/readyz`)).statusCode, 503);
    assert.equal((await ask(edge, signed(keys.rs, claims()))).statusCode, 401);
    while (!edge.stderr.includes('keys for tokens')) {
      await new Promise((done) => edge.child.stderr.once('data', done));
    }
  });

  test('does not start with keys that prove nothing', async () => {
    const weak = {
      jwk: { kty: 'oct', kid: 'weak', k: Buffer.from('short').toString('base64url') },
    };
    await assert.rejects(startWith([weak]), /key weak .* too weak: it must have 256 bits/);
    await assert.rejects(startWith([]), /no key for tokens/);
  });
});

describe('private packs', () => {
  const repository = 'https://example.org/acme/secret';
  const codes = [
    { name: 'members', code: 'members only', packs: ['secret.weir'] },
    { name: 'others', code: 'everyone else' },
  ];

  test('go only to who may have them, as files and as passages', async () => {
    const sources = join(folder, 'secret');
    mkdirSync(sources);
    mkdirSync(join(folder, 'packs'));
    writeFileSync(join(sources, 'plan.c'), 'int hidden_plan(void) { return 7; }\n');
    const pack = join(folder, 'packs/secret.weir');
    const named = ['--repository', repository];
    execFileSync(join(binaries, 'weir'), ['index', sources, '-o', pack, ...named]);
    await start(
      { access: { mode: 'codes', codes }, private_packs: ['secret.weir'] },
      { args: ['--packs', join(folder, 'packs')] },
    );

    const get = (path, code) => send(edge.url + path, { headers: code ? bearer(code) : {} });
    assert.deepEqual(await json(await get('/packs/')), []);
    assert.deepEqual(await json(await get('/packs/', 'everyone else')), []);
    assert.equal((await json(await get('/packs/', 'members only'))).length, 1);
    assert.equal((await get('/packs/secret.weir')).statusCode, 404);
    assert.equal((await get('/packs/secret.weir', 'everyone else')).statusCode, 404);
    const whole = await get('/packs/secret.weir', 'members only');
    assert.equal(whole.statusCode, 200);
    assert.equal(whole.headers['cache-control'], 'private, no-cache');
    whole.resume();

    const request = { repo_url: repository, messages: [{ role: 'user', content: 'hidden plan?' }] };
    const accepted = async (code) =>
      (await allEvents(await ask(edge, code, request))).find(({ type }) => type === 'accepted');
    assert.equal((await accepted('members only')).kept.length, 1);
    assert.equal((await accepted('everyone else')).kept.length, 0);
  });
});
