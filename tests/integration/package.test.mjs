// The npm package in Node: counting, indexing, searching, planning; its guide's examples run.
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { binaries } from '../support/edge.mjs';
import { corpus, filesOf, load, packageFolder, root } from '../support/package.mjs';

const { createCounter, createWeir } = await load();
const weirCommand = join(binaries, 'weir');

const rejection = (code) => (error) => error.name === 'WeirError' && error.code === code;

async function moduleNamed(name) {
  const { Memory } = await load('memory.js');
  const { instance } = await WebAssembly.instantiate(readFileSync(join(packageFolder, name)), {});
  return new Memory(instance.exports);
}

describe('the modules', () => {
  const names = ['weir.wasm', 'weir-search.wasm', 'weir-index.wasm', 'weir-counter.wasm'];
  for (const name of names) {
    test(`${name} imports nothing: no clock, no entropy, no files`, () => {
      const module = new WebAssembly.Module(readFileSync(join(packageFolder, name)));
      assert.deepEqual(WebAssembly.Module.imports(module), []);
    });
  }

  test('end with no live handle', async () => {
    for (const name of names) assert.equal((await moduleNamed(name)).liveHandles(), 0);
  });
});

describe('the counter', () => {
  const vectors = readFileSync(join(root, 'tests/data/tokens/vectors.jsonl'), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

  /** FNV-1a, 64 bits, of the ids as little-endian uint32, as the vectors have it. */
  function digest(ids) {
    let hash = 0xcbf29ce484222325n;
    for (const byte of new Uint8Array(ids.buffer, ids.byteOffset, ids.byteLength)) {
      hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
    }
    return hash.toString(16).padStart(16, '0');
  }

  for (const [encoding, member] of [
    ['cl100k_base', 'cl100k'],
    ['o200k_base', 'o200k'],
  ]) {
    describe(encoding, () => {
      let counter;
      before(async () => (counter = await createCounter(encoding)));
      after(() => counter.dispose());

      test('gives the reference tokenizer’s tokens for every vector', () => {
        for (const { text, [member]: expected } of vectors) {
          assert.equal(counter.count(text), expected.n, JSON.stringify(text));
          assert.equal(digest(counter.encode(text)), expected.h, JSON.stringify(text));
        }
      });

      test('counts the same where text comes in pieces, even half characters', () => {
        for (const { text } of vectors.filter(({ text }) => text.length < 40)) {
          for (let at = 0; at <= text.length; at += 1) {
            const running = counter.incremental();
            running.append(text.slice(0, at));
            running.append(text.slice(at));
            assert.equal(running.total, counter.count(text), JSON.stringify([text, at]));
            running.dispose();
          }
        }
      });

      test('counts a character by character stream of emoji', () => {
        const text = 'a 🎉 party 👩‍👩‍👧 '.repeat(20);
        const running = counter.incremental();
        for (const unit of text.split('')) running.append(unit);
        assert.equal(running.total, counter.count(text));
      });

      test('takes lone surrogates as U+FFFD and nothing as no token', () => {
        assert.equal(counter.count('\ud83d'), counter.count('\ufffd'));
        assert.equal(counter.count(''), 0);
        assert.deepEqual(counter.encode(''), new Uint32Array());
      });

      test('counts many texts in one call as it counts each', () => {
        const texts = vectors.map(({ text }) => text).concat('', 'word '.repeat(100_000));
        const counts = counter.countAll(texts);
        assert.deepEqual(
          [...counts],
          texts.map((text) => counter.count(text)),
        );
        assert.equal(counter.countAll([]).length, 0);
      });

      test('tells how much of a text fits, in what slice() takes, cut at a line', () => {
        const text = 'first line 🎉\nsecond line 🎉\nthird line';
        assert.equal(counter.fitting(text, counter.count(text)), text.length);
        const most = counter.count(text) - 1;
        const part = text.slice(0, counter.fitting(text, most));
        assert.equal(part, 'first line 🎉\nsecond line 🎉\n');
        assert.equal(counter.count(part) <= most, true);
        assert.equal(counter.fitting(text, 0), 0);
        assert.equal(counter.fitting(text, Infinity), text.length);
      });

      test('shares what is loaded, until the last counter is gone', async () => {
        const other = await createCounter(encoding);
        const running = counter.incremental();
        other.dispose();
        other.dispose();
        running.append('still counting');
        assert.equal(running.total, counter.count('still counting'));
        running.dispose();
      });

      test('takes megabytes', () => {
        assert.equal(counter.count('word '.repeat(400_000)) > 399_000, true);
      });
    });
  }

  test('rejects with not_found where its files are missing', async () => {
    const nowhere = pathToFileURL(join(tmpdir(), 'weir-nowhere/'));
    await assert.rejects(createCounter('o200k_base', { assets: nowhere }), rejection('not_found'));
  });
});

describe('a pack', () => {
  let folder;
  let file;
  let weir;
  let pack;
  before(async () => {
    folder = corpus();
    file = join(tmpdir(), `weir-package-${process.pid}.weir`);
    execFileSync(weirCommand, ['index', folder, '-o', file, '--repository', 'me/corpus']);
    weir = await createWeir();
    pack = await weir.openPack(readFileSync(file));
  });
  after(() => {
    pack.close();
    weir.dispose();
    rmSync(folder, { recursive: true, force: true });
    rmSync(file, { force: true });
  });

  test('made here has the same bytes as one made by weir index', async () => {
    const { IndexEngine } = await load('index-engine.js');
    const { instantiate } = await load('module.js');
    const read = async (name) => readFileSync(join(packageFolder, name));
    const engine = new IndexEngine(
      await instantiate(read, 'weir-index.wasm'),
      { repository: 'me/corpus' },
      await read('words.bin'),
    );
    for await (const { path, size, bytes } of filesOf(folder)) {
      if (engine.admits(path, size)) engine.add(path, await bytes());
    }
    assert.deepEqual(Buffer.from(engine.finish()), readFileSync(file));
  });

  test('says what it holds', async () => {
    assert.equal(pack.info.repository, 'me/corpus');
    assert.equal(pack.info.pack_bytes, readFileSync(file).length);
    const paths = await pack.paths();
    assert.equal(paths.length, pack.info.files);
    assert.ok(paths.includes('src/größe.py'));
    assert.ok(!paths.some((path) => path.startsWith('node_modules/')));
    const { text, lines } = await pack.file('src/crlf.c');
    assert.equal(text, readFileSync(join(folder, 'src/crlf.c'), 'utf8'));
    assert.equal(lines, 3);
    await assert.rejects(pack.file('src/none.c'), rejection('not_found'));
  });

  test('ranks as weir search does, to the score', async () => {
    const queries = [
      'how does the client fall back to http',
      'parse url',
      'where are passages dropped for room in the model context',
      'IndexBuilder::finish',
      'größe berechnen',
      '検索 結果',
      'frobnicate',
      'append_string utf8 replacement character',
      'nothingofthekind',
      '',
    ];
    const input = queries
      .map((query, qid) => JSON.stringify({ qid: String(qid), query }))
      .join('\n');
    const output = execFileSync(weirCommand, ['search', file, '--batch'], { input }).toString();
    const lines = output.split('\n').filter(Boolean);
    assert.equal(lines.length, queries.length);
    for (const [at, query] of queries.entries()) {
      const hits = (await pack.search(query)).map(({ path, start_line, end_line, score }) => ({
        path,
        start_line,
        end_line,
        score,
      }));
      assert.deepEqual(hits, JSON.parse(lines[at]).hits, query);
    }
  });

  test('marks matches in UTF-16 units, whatever stands before them', async () => {
    const [emoji] = await pack.search('parse url', { include: ['src/emoji.md'] });
    const words = emoji.matches.map(({ begin, end }) => emoji.text.slice(begin, end));
    assert.ok(words.length > 2);
    assert.deepEqual([...new Set(words)].sort(), ['parse', 'url']);

    const [german] = await pack.search('größe', { include: ['src/*.py'] });
    for (const { begin, end } of german.matches) {
      assert.equal(german.text.slice(begin, end).toLowerCase(), 'größe');
    }
    assert.ok(german.matches.length > 0);
  });

  test('searches within globs and prefers a path', async () => {
    const hits = await pack.search('parse', {
      include: ['shared/**'],
      exclude: ['*.hpp'],
      limit: 5,
    });
    assert.ok(hits.length > 0 && hits.length <= 5);
    assert.ok(hits.every(({ path }) => path.startsWith('shared/') && !path.endsWith('.hpp')));
    const preferred = 'shared/weir/sse/parser.hpp';
    assert.equal((await pack.search('parser', { preferPath: preferred }))[0].path, preferred);
  });

  test('opens from an address, a blob and an array buffer', async () => {
    const bytes = readFileSync(file);
    const array = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
    for (const source of [pathToFileURL(file), file, new Blob([bytes]), array]) {
      const opened = await weir.openPack(source);
      assert.deepEqual(opened.info, pack.info);
      opened.close();
    }
  });

  test('is refused where it is damaged, no pack, or not there', async () => {
    const bytes = readFileSync(file);
    const damaged = Buffer.from(bytes);
    damaged[bytes.indexOf('"builder"')] ^= 1; // what it says of itself, which is shown at once
    await assert.rejects(weir.openPack(damaged), rejection('pack_damaged'));
    await assert.rejects(
      weir.openPack(bytes.subarray(0, bytes.length / 2)),
      rejection('pack_damaged'),
    );
    await assert.rejects(weir.openPack(Buffer.from('not a pack')), rejection('pack_unsupported'));
    await assert.rejects(weir.openPack(new Uint8Array()), rejection('pack_unsupported'));
    await assert.rejects(weir.openPack('none.weir'), rejection('not_found'));
  });

  test('is refused where it is used, where only what opening does not read is damaged', async () => {
    const bytes = readFileSync(file);
    const inText = Buffer.from(bytes);
    inText[bytes.length - 5] ^= 1;
    const text = await weir.openPack(inText);
    await assert.rejects(text.file((await text.paths()).at(-1)), rejection('pack_damaged'));
    text.close();
    const tableEnd = 32 + 24 * bytes.readUInt32LE(12);
    for (let at = 32; at < tableEnd; at += 24) {
      if (![4, 6, 8].includes(bytes.readUInt32LE(at))) continue; // terms, postings, vectors
      const searched = Buffer.from(bytes);
      searched[Number(bytes.readBigUInt64LE(at + 8)) + 20] ^= 1;
      const opened = await weir.openPack(searched);
      await assert.rejects(opened.search('anything'), rejection('pack_damaged'));
      opened.close();
    }
  });

  test('cannot be used once it is closed', async () => {
    const opened = await weir.openPack(file);
    opened.close();
    await assert.rejects(opened.search('parse'), rejection('internal'));
  });
});

describe('indexing', () => {
  let folder;
  let weir;
  before(async () => {
    folder = corpus();
    weir = await createWeir();
  });
  after(() => {
    weir.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  test('reports what it takes in and what it leaves out, and reads nothing of the latter', async () => {
    const read = [];
    async function* watched() {
      for await (const file of filesOf(folder)) {
        yield { ...file, bytes: () => (read.push(file.path), file.bytes()) };
      }
    }
    let last;
    const pack = await weir.index(watched(), { repository: 'x', onProgress: (p) => (last = p) });
    assert.equal(last.files, pack.info.files);
    assert.equal(last.chunks, pack.info.chunks);
    assert.ok(Object.values(last.skipped).reduce((a, b) => a + b, 0) >= 4, JSON.stringify(last));
    assert.ok(!read.includes('node_modules/left/index.js'));
    assert.ok(!read.includes('src/image.png'));
    pack.close();
  });

  test('takes files of a folder input', async () => {
    const file = new File(['int frobnicate(int widget);\n'], 'frobnicate.h');
    const pack = await weir.index([file], { repository: 'x', onProgress: () => {} });
    assert.deepEqual(await pack.paths(), ['frobnicate.h']);
    pack.close();
  });

  test('goes on without a file that cannot be read', async () => {
    async function* files() {
      yield { path: 'gone.c', size: 9, bytes: () => Promise.reject(new Error('gone')) };
      yield { path: 'here.c', size: 11, bytes: async () => Buffer.from('int here;\n\n') };
    }
    let last;
    const pack = await weir.index(files(), { repository: 'x', onProgress: (p) => (last = p) });
    assert.deepEqual(await pack.paths(), ['here.c']);
    assert.equal(last.skipped['not readable'], 1);
    pack.close();
  });

  test('rejects with cancelled when the signal aborts, and asks for no more files', async () => {
    const stop = new AbortController();
    let asked = 0;
    async function* endless() {
      for (;;) {
        asked += 1;
        if (asked === 200) setTimeout(() => stop.abort(), 10);
        yield { path: `f${asked}.c`, size: 9, bytes: async () => Buffer.from('int here;') };
      }
    }
    const indexing = weir.index(endless(), { repository: 'x', signal: stop.signal });
    await assert.rejects(indexing, rejection('cancelled'));
    const then = asked;
    await new Promise((done) => setTimeout(done, 20));
    assert.equal(asked, then);
  });

  test('reads a page’s files over a port as it would its own', async () => {
    const { pulledFiles, serveFiles } = await load('pull.js');
    const { port1, port2 } = new MessageChannel();
    serveFiles(filesOf(folder), port1);
    const pulled = await weir.index(pulledFiles(port2), { repository: 'x' });
    const own = await weir.index(filesOf(folder), { repository: 'x' });
    assert.deepEqual(pulled.info, own.info);
    assert.deepEqual(await pulled.paths(), await own.paths());
    pulled.close();
    own.close();
  });

  test('leaves no handle open behind it, however it ends', async () => {
    const { Service } = await load('service.js');
    const { assetsAt } = await load('node.js');
    const service = new Service({ assets: assetsAt, onStatus() {} });
    await service.start({ edge: null, assets: pathToFileURL(`${packageFolder}/`).href });
    const index = (signal, progress = () => {}) =>
      service.index(
        { source: { kind: 'iterable', files: filesOf(folder) }, options: { repository: 'x' } },
        { signal, progress },
      );
    await assert.rejects(index(AbortSignal.abort()), rejection('cancelled'));
    const { pack } = await index(new AbortController().signal);
    await service.plan({
      request: JSON.stringify({ repo_url: 'x', messages: [{ role: 'user', content: 'why?' }] }),
      provider: '',
      model: '',
    });
    await service.closePack({ pack });
    await service.close();
    assert.equal(await service.liveHandles(), 0);
  });
});

describe('the guide', () => {
  const blocks = readFileSync(join(packageFolder, 'README.md'), 'utf8')
    .split('```js\n')
    .slice(1)
    .map((rest) => rest.slice(0, rest.indexOf('```')));
  let folder;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'weir-guide-'));
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(packageFolder, join(folder, 'node_modules/weir'), 'dir');
    mkdirSync(join(folder, 'me'));
    writeFileSync(join(folder, 'me/hello.py'), 'def greeting():\n    return "Hello"\n');
    for (const [at, block] of blocks.entries()) writeFileSync(join(folder, `${at}.mjs`), block);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  test('has examples whose types are right', () => {
    const names = blocks.map((_, at) => `${at}.mjs`);
    const options = '--noEmit --allowJs --checkJs --target es2022 --module nodenext --skipLibCheck';
    const types = ['--types', 'node', '--typeRoots', join(root, 'node_modules/@types')];
    const tsc = join(root, 'node_modules/.bin/tsc');
    execFileSync(tsc, [...options.split(' '), ...types, ...names], { cwd: folder });
  });

  for (const [at, block] of blocks.entries()) {
    if (!block.startsWith('// run')) continue;
    test(`has an example ${at} that runs`, async () => {
      const { stdout } = await promisify(execFile)('node', [join(folder, `${at}.mjs`)], {
        cwd: folder,
        timeout: 20_000,
      });
      assert.match(stdout, /\d/);
    });
  }
});
