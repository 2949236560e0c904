// A repository by its address: the edge fetches the forge's archive and streams it, the package
// indexes it as it comes. The forge is one on loopback, which the edge's operator has to allow.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, afterEach, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { packTar } from 'modern-tar';
import { text } from '../support/archives.mjs';
import { startEdge } from '../support/edge.mjs';
import { FakeForge } from '../support/fake-forge.mjs';
import { json, send } from '../support/http-client.mjs';
import { load } from '../support/package.mjs';

const { createWeir } = await load();

const commit = '0123456789abcdef0123456789abcdef01234567';
const rejection = (code, message) => (error) => {
  assert.equal(error.code, code, error.message);
  assert.match(error.message, message);
  return true;
};

/** As `git archive` makes it: the commit first, everything in one folder. */
async function repositoryArchive(extra = []) {
  const entry = (name, content) => ({
    header: { name: `project-main-abc/${name}`, size: content.length, type: 'file' },
    body: content,
  });
  const tar = await packTar([
    {
      header: {
        name: 'pax_global_header',
        size: 52,
        type: 'pax-global-header',
      },
      body: text(`52 comment=${commit}\n`),
    },
    { header: { name: 'project-main-abc/', type: 'directory', size: 0 } },
    entry('.gitignore', text('*.log\n')),
    entry('kept.log', text('tracked all the same\n')),
    entry('src/anchor.c', text('int drop_anchor(int depth) {\n  return depth;\n}\n')),
    entry('chart.png', text('png')),
    ...extra.map(([name, content]) => entry(name, content)),
  ]);
  return new Uint8Array(gzipSync(tar));
}

describe('a repository', () => {
  let forge;
  let other;
  let edge;
  let weir;
  let archive;
  before(async () => {
    archive = await repositoryArchive();
    forge = await new FakeForge().start();
    other = await new FakeForge().start();
    edge = await startEdge({
      config: { forges: [forge.entry({ archive_hosts: [other.host] })] },
      limits: {
        archive: { bytes: 2_000_000, head: 1, between_bytes: 0.7, whole: 20, running: 2 },
      },
    });
    weir = await createWeir({ edge: edge.url });
  });
  afterEach(() => {
    for (const server of [forge, other]) {
      Object.assign(server, { script: {}, requests: [], connections: 0, sent: 0, abandoned: 0 });
    }
  });
  after(async () => {
    weir.dispose();
    assert.equal(await edge?.stop(), 0);
    await forge.stop();
    await other.stop();
  });

  const index = (address = {}, options = {}) =>
    weir.index({ url: `${forge.url}/group/project`, ...address }, options);

  test('is indexed as it comes, under its full name and its commit', async () => {
    forge.script = { archive };
    let last;
    const pack = await index({}, { onProgress: (progress) => (last = progress) });
    assert.equal(pack.info.repository, `${forge.host}/group/project`);
    assert.equal(pack.info.commit, commit);
    assert.deepEqual(await pack.paths(), ['.gitignore', 'kept.log', 'src/anchor.c']);
    assert.equal(pack.report.left_out[0].paths[0], 'chart.png');
    assert.equal(last.done, 1);
    assert.deepEqual(forge.requests, [
      {
        path: '/api/v4/projects/group%2Fproject/repository/archive.tar.gz',
        authorization: undefined,
      },
    ]);
    pack.close();
  });

  test('has a branch, from its address or beside it', async () => {
    forge.script = { archive, chunked: true };
    (await index({ url: `${forge.url}/group/sub/project/-/tree/dev/src` })).close();
    (await index({ ref: 'feature/x' })).close();
    assert.deepEqual(
      forge.requests.map(({ path }) => path),
      [
        '/api/v4/projects/group%2Fsub%2Fproject/repository/archive.tar.gz?sha=dev',
        '/api/v4/projects/group%2Fproject/repository/archive.tar.gz?sha=feature%2Fx',
      ],
    );
  });

  test('that is private is given for a token, which goes nowhere else', async () => {
    const token = 'glpat-very-secret';
    forge.script = { archive, token };
    await assert.rejects(index(), rejection('not_found', /knows no such repository/));
    await assert.rejects(index(), (error) => /needs an access token/.test(error.hint));
    (await index({ token })).close();
    assert.equal(forge.requests.at(-1).authorization, `Bearer ${token}`);

    // Nor to the host that the archive itself comes from.
    forge.script = { redirect: `${other.url}/files/project.tar.gz?once=1` };
    other.script = { archive };
    (await index({ token })).close();
    assert.deepEqual(other.requests, [
      { path: '/files/project.tar.gz?once=1', authorization: undefined },
    ]);
    assert.ok(forge.requests.every(({ path }) => !path.includes('secret')));
    assert.doesNotMatch(edge.stderr + edge.stdout, /secret/);
  });

  test('is not fetched by a redirect off the list', async () => {
    const stranger = await new FakeForge().start();
    stranger.script = { archive };
    const offTheList = rejection('provider_error', /not on this edge.s list/);
    for (const redirect of [
      `${stranger.url}/x.tar.gz`,
      'http://169.254.169.254/latest/meta-data/',
      'file:///etc/passwd',
      '//evil.example/x',
    ]) {
      forge.script = { redirect };
      await assert.rejects(index(), offTheList, redirect);
    }
    assert.equal(stranger.connections, 0);
    await stranger.stop();
  });

  test('is not fetched by ever more redirects', async () => {
    forge.script = ({ url }) => ({ redirect: `${url.split('?')[0]}?${Math.random()}` });
    await assert.rejects(index(), rejection('provider_error', /ever more addresses/));
    assert.equal(forge.requests.length, 4);
  });

  test('that the forge refuses is refused with what to do', async () => {
    for (const [script, code, message] of [
      [{ status: 404 }, 'not_found', /no such repository/],
      [{ status: 401 }, 'provider_auth', /without a token/],
      [{ status: 429 }, 'provider_quota', /no more archives/],
      [{ status: 403, headers: { 'x-ratelimit-remaining': '0' } }, 'provider_quota', /for now/],
      [{ status: 500 }, 'provider_error', /status 500/],
      [{ archive: text('<html>Sign in</html>'), type: 'text/html' }, 'not_found', /no archive/],
      [{ archive: text('') }, 'not_found', /no archive/],
    ]) {
      forge.script = script;
      await assert.rejects(index(), rejection(code, message), JSON.stringify(script));
    }
  });

  test('that is too large is refused, or cut', async () => {
    const large = await repositoryArchive([['noise.bin', randomBytes(2_100_000)]]);
    forge.script = { archive: large };
    await assert.rejects(index(), rejection('request_too_large', /more than 2 MB/));
    forge.script = { archive: large, chunked: true };
    await assert.rejects(index(), rejection('provider_cut', /broke off/));
    assert.match(edge.stderr, /archive: 127\.0\.0\.1:\d+: it is too large/);
  });

  test('that does not come, or stops coming, is given up on', async () => {
    forge.script = { silent: true };
    await assert.rejects(index(), rejection('provider_timeout', /not give the archive in time/));
    const archiveWithMore = await repositoryArchive([['noise.bin', randomBytes(200_000)]]);
    forge.script = { archive: archiveWithMore, stallAt: 100_000 };
    await assert.rejects(index(), rejection('provider_cut', /broke off/));
    assert.match(edge.stderr, /it took too long/);
  });

  test('that is cut half-way is never taken for a whole one', async () => {
    const archiveWithMore = await repositoryArchive([['noise.bin', randomBytes(200_000)]]);
    for (const chunked of [true, false]) {
      forge.script = { archive: archiveWithMore, chunked, cutAt: 100_000 };
      await assert.rejects(index(), rejection('provider_cut', /broke off/));
    }
    // A forge that ends in order, but in the middle of its archive.
    forge.script = { archive: archiveWithMore.subarray(0, 100_000), chunked: true };
    await assert.rejects(index(), rejection('invalid_request', /damaged or cut off/));
  });

  test('of another host is not fetched, and the error says from where', async () => {
    for (const url of ['https://git.example/o/r', 'http://127.0.0.1/o/r', 'http://localhost/o/r']) {
      const wrongHost = rejection('not_found', /does not fetch repositories from this host/);
      await assert.rejects(index({ url }), wrongHost);
      await assert.rejects(index({ url }), (error) => error.hint.includes(forge.host));
    }
    const noAddress = rejection('invalid_request', /not the address of a repository/);
    await assert.rejects(index({ url: `http://u:secret@${forge.host}/o/r` }), noAddress);
    await assert.rejects(index({ url: '' }), noAddress);
    assert.equal(forge.connections, 0);
  });

  test('has to wait where as many are fetched as may be', async () => {
    forge.script = { silent: true };
    const waiting = [index(), index()].map((one) => one.catch(() => undefined));
    while (forge.requests.length < 2) await new Promise((done) => setTimeout(done, 10));
    await assert.rejects(index(), rejection('queue_full', /as many archives as it may/));
    await Promise.all(waiting);
  });

  test('can be given up on', async () => {
    forge.script = { archive, stallAt: 200 };
    const stop = new AbortController();
    const indexing = index({}, { signal: stop.signal });
    setTimeout(() => stop.abort(), 100);
    await assert.rejects(indexing, rejection('cancelled', /stopped/));
  });

  test('is listed with the forges it may come from', async () => {
    assert.deepEqual(await json(await send(`${edge.url}/v1/repositories/forges`)), [
      { host: forge.host, kind: 'gitlab' },
    ]);
  });
});

describe('an edge', () => {
  let forge;
  let weir;
  before(async () => {
    forge = await new FakeForge().start();
    forge.script = { archive: await repositoryArchive() };
  });
  afterEach(() => weir?.dispose());
  after(() => forge.stop());

  async function indexThrough(config, url) {
    const edge = await startEdge({ config });
    weir = await createWeir({ edge: edge.url });
    try {
      return await weir.index({ url }, {});
    } finally {
      await edge.stop();
    }
  }

  test('connects to no private address that its operator has not named', async () => {
    const refused = rejection('provider_unreachable', /leads to no public address/);
    for (const addresses of [undefined, ['10.0.0.0/8']]) {
      const entry = { kind: 'gitlab', url: forge.url, ...(addresses && { addresses }) };
      await assert.rejects(indexThrough({ forges: [entry] }, `${forge.url}/o/r`), refused);
    }
    // A name that leads to one is no better.
    const named = forge.url.replace('127.0.0.1', 'localhost');
    const entry = { kind: 'gitlab', url: named };
    await assert.rejects(indexThrough({ forges: [entry] }, `${named}/o/r`), refused);
    assert.equal(forge.connections, 0);
    const allowed = { kind: 'gitlab', url: named, addresses: ['127.0.0.0/8', '::1'] };
    const pack = await indexThrough({ forges: [allowed] }, `${named}/o/r`);
    assert.equal(pack.info.repository, `localhost:${new URL(forge.url).port}/o/r`);
  });

  test('waits for a reader that is slow, and stops for one that goes', async () => {
    const whole = gzipSync(randomBytes(40_000_000), { level: 0 });
    const script = forge.script;
    forge.script = { archive: whole };
    const edge = await startEdge({ config: { forges: [forge.entry()] } });
    const ask = (signal) =>
      fetch(`${edge.url}/v1/repositories/archive`, {
        method: 'POST',
        body: JSON.stringify({ url: `${forge.url}/o/r` }),
        signal,
      });
    const pause = (ms) => new Promise((done) => setTimeout(done, ms));

    forge.sent = 0;
    const response = await ask();
    assert.equal(response.headers.get('weir-archive-bytes'), String(whole.length));
    await pause(1500);
    assert.ok(forge.sent < whole.length / 2, `${forge.sent} bytes went to who reads none`);
    assert.deepEqual(Buffer.from(await response.arrayBuffer()), whole);

    const stop = new AbortController();
    assert.equal((await ask(stop.signal)).status, 200);
    stop.abort();
    for (let tries = 0; forge.abandoned === 0 && tries < 200; tries++) await pause(20);
    assert.equal(forge.abandoned, 1);
    forge.script = script;
    assert.equal(await edge.stop(), 0);
  });

  test('without forges fetches nothing', async () => {
    await assert.rejects(
      indexThrough({ forges: [] }, 'https://github.com/o/r'),
      rejection('not_found', /does not fetch/),
    );
  });

  test('does not start with a forge that is not one', async () => {
    await assert.rejects(startEdge({ config: { forges: [{ kind: 'svn', url: 'https://a.b' }] } }));
  });

  test('and no edge: nothing is fetched', async () => {
    weir = await createWeir();
    await assert.rejects(
      weir.index({ url: 'https://github.com/o/r' }, {}),
      rejection('not_found', /Without an edge/),
    );
  });
});
