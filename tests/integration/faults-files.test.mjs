// Files that change under the edge, and places where nothing more can be written.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, readdirSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'; // prettier-ignore
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { binaries, startEdge } from '../support/edge.mjs';
import { startProvider } from '../support/fake-provider.mjs';
import {
  leavesNothing,
  quarantine,
  startWitness,
  until,
  witnessScript,
} from '../support/faults.mjs';
import { allEvents, json, postAnswer, question, send, text } from '../support/http-client.mjs';

const packParts = 12; // of 1 MB that hardly compress: more than the kernel takes for a slow reader
const signs = '!#$%&()*+,-./:;<=>?@[]^{|}~ '; // no words, which would take their time to index
const weir = (...args) => execFileSync(join(binaries, 'weir'), args, { stdio: 'pipe' });

/** Takes the head and then no byte until told to. */
async function beginDownload(url, headers = {}) {
  const response = await send(url, { headers });
  response.pause();
  let received = 0;
  response.on('data', (bytes) => (received += bytes.length)).pause();
  const ended = new Promise((done) => {
    response.on('end', () => done({ received, whole: response.complete }));
    response.on('error', () => done({ received, whole: false }));
  });
  return { response, finish: () => (response.resume(), ended) };
}

describe('a file that is cut short', { timeout: 60_000 }, () => {
  let folder;
  let pack;
  let bytes;
  let provider;
  let edge;
  let witness;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'weir-files-'));
    for (const each of ['source', 'packs', 'site']) mkdirSync(join(folder, each));
    for (let n = 0; n < packParts; ++n) {
      const line = () => [...randomBytes(60)].map((byte) => signs[byte % signs.length]).join('');
      const lines = Array.from({ length: 16_000 }, line);
      writeFileSync(join(folder, `source/${n}.txt`), `${lines.join('\n')}\n`);
    }
    writeFileSync(join(folder, 'source/humming.c'), 'int hum(int widget) { return widget; }\n');
    pack = join(folder, 'packs/widgets.weir');
    weir('index', join(folder, 'source'), '-o', pack, '--repository', 'acme/humming');
    bytes = readFileSync(pack);
    writeFileSync(join(folder, 'site/large.bin'), Buffer.alloc(16 << 20, 'x'));
    provider = await startProvider(witnessScript);
    edge = await startEdge({
      provider,
      args: ['--packs', join(folder, 'packs'), '--site', join(folder, 'site')],
      env: quarantine,
      limits: { answer: { retention: 0.1 } },
    });
    witness = await startWitness(edge);
  });
  after(async () => {
    witness?.leave();
    assert.equal(await edge?.stop(), 0);
    await provider?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const ask = async () => {
    const request = question('How does a widget hum?', { repo_url: 'acme/humming', context: undefined, provider: 'extract' }); // prettier-ignore
    return allEvents(await postAnswer(edge.url, { request }));
  };

  test('of the site is sent as it was', async () => {
    const download = await beginDownload(`${edge.url}/large.bin`);
    truncateSync(join(folder, 'site/large.bin'), 100);
    assert.deepEqual(await download.finish(), { received: 16 << 20, whole: true });
    await witness.goesOn();
  });

  test('while a pack is sent ends the download too early, and searches of it in a typed error', async () => {
    assert.equal((await ask())[0].kept[0].path, 'humming.c');
    const download = await beginDownload(`${edge.url}/packs/widgets.weir`);
    const cut = bytes.length >> 4;
    truncateSync(pack, cut);
    const { received, whole } = await download.finish();
    assert.ok(!whole && received < bytes.length, `${received} of ${bytes.length} bytes`);

    const behind = await send(`${edge.url}/packs/widgets.weir`, { headers: { range: `bytes=${cut + 10}-${cut + 20}` } }); // prettier-ignore
    assert.equal(behind.statusCode, 500);
    assert.equal((await json(behind)).error.code, 'internal');
    await leavesNothing(edge, async () => {
      const last = (await ask()).at(-1);
      assert.equal(last.code, 'internal');
      assert.match(last.message, /cannot read its pack/);
      assert.doesNotMatch(last.message, new RegExp(folder));
    });
    assert.match(edge.stderr, /pack widgets\.weir: The pack is damaged/);
    await witness.goesOn();
  });

  test('and written again as it was is searched again', async () => {
    writeFileSync(pack, bytes);
    assert.equal((await ask())[0].kept[0].path, 'humming.c');
  });

  test('beside its name is none: what was opened is read on', async () => {
    writeFileSync(`${pack}.new`, 'something else');
    renameSync(`${pack}.new`, pack);
    assert.equal((await ask())[0].kept[0].path, 'humming.c');
    const download = await beginDownload(`${edge.url}/packs/widgets.weir`);
    assert.deepEqual(await download.finish(), { received: bytes.length, whole: true });
    await witness.goesOn();
  });
});

describe('the log of an edge', { timeout: 60_000 }, () => {
  /** Each is a line of the log. */
  const refused = (edge) => send(edge.url, { headers: { host: 'attacker.example' } }).then(text);

  test('may lose its reader', async () => {
    const edge = await startEdge();
    edge.child.stderr.destroy();
    edge.child.stdout.destroy();
    for (let n = 0; n < 3; ++n) await refused(edge);
    assert.equal((await send(`${edge.url}/livez`)).statusCode, 200);
    assert.equal(await edge.stop(), 0);
  });

  test('may lie on a disk that is full', async () => {
    const edge = await startEdge({ stderr: openSync('/dev/full', 'w') });
    for (let n = 0; n < 3; ++n) await refused(edge);
    assert.equal((await send(`${edge.url}/livez`)).statusCode, 200);
    assert.equal(await edge.stop(), 0);
  });

  test('is not waited for where its reader has stalled, and says what was lost', async () => {
    const provider = await startProvider(witnessScript);
    const edge = await startEdge({ provider });
    const witness = await startWitness(edge);
    edge.child.stderr.pause();
    for (let n = 0; n < 40; ++n) {
      await Promise.all(Array.from({ length: 100 }, () => refused(edge)));
    }
    await witness.goesOn();
    edge.child.stderr.resume();
    await until(async () => {
      await refused(edge);
      return /\d+ lines of this log were lost/.test(edge.stderr);
    }, 'the log tells');
    witness.leave();
    assert.equal(await edge.stop(), 0);
    await provider.stop();
  });
});

describe('`weir` on a full disk', () => {
  let folder;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'weir-full-'));
    mkdirSync(join(folder, 'source'));
    for (let n = 0; n < 20; ++n) {
      writeFileSync(
        join(folder, `source/${n}.c`),
        `int part_${n}(void) { return ${n}; }\n`.repeat(50),
      );
    }
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const output = () => join(folder, 'widgets.weir');
  const index = ['index', 'FOLDER/source', '-o', 'FOLDER/widgets.weir'];
  const run = (args, stdio = 'pipe') =>
    spawnSync(join(binaries, 'weir'), args.map((each) => each.replace('FOLDER', folder)), { stdio, encoding: 'utf8', input: undefined }); // prettier-ignore

  test('indexes nothing, says so, and leaves the pack that was there', () => {
    assert.equal(run(index).status, 0);
    const files = ['widgets.weir', 'widgets.weir.forward'];
    const content = () => files.map((file) => readFileSync(join(folder, file)));
    const was = content();
    symlinkSync('/dev/full', `${output()}.part`);
    const { status, stderr } = run(index);
    assert.equal(status, 1);
    assert.match(stderr, /Cannot write .*widgets\.weir.*\n?.*room/);
    assert.deepEqual(content(), was);
    assert.deepEqual(readdirSync(folder).sort(), ['source', ...files]);
    assert.ok(existsSync('/dev/full'));
  });

  test('fails where its output cannot be written', () => {
    for (const args of [
      ['search', 'FOLDER/widgets.weir', 'part'],
      ['search', 'FOLDER/widgets.weir', 'part', '--json'],
      ['inspect', 'FOLDER/widgets.weir'],
    ]) {
      const { status, stderr } = run(args, ['ignore', openSync('/dev/full', 'w'), 'pipe']);
      assert.notEqual(status, 0, args[0]);
      assert.match(stderr, /written/, args[0]);
    }
  });
});
