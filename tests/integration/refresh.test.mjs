// `weir index` over its own pack: the same bytes as afresh, whatever changed and however many threads
// work; and what a pack says it is of.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { binaries } from '../support/edge.mjs';

const weir = (...args) =>
  execFileSync(join(binaries, 'weir'), args, { encoding: 'utf8', stdio: 'pipe' });

describe('indexing over a pack', () => {
  let place, folder;
  const pack = () => join(place, 'kept.weir');
  const write = (path, text) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  /** Long ago: what was changed just now is read in any case. */
  const settle = (path) => utimesSync(join(folder, path), 1e9, 1e9);
  const index = (...options) => weir('index', folder, '-o', pack(), ...options);
  const afresh = (...options) => {
    const other = join(place, 'fresh.weir');
    weir('index', folder, '-o', other, '--no-forward', ...options);
    return readFileSync(other);
  };

  before(() => {
    place = mkdtempSync(join(tmpdir(), 'weir-refresh-'));
    folder = join(place, 'boats');
    for (let i = 0; i < 60; i++) {
      write(
        `src/part${i % 7}/file${i}.c`,
        `int keel_${i}(int depth) {\n  return depth + ${i};\n}\n`,
      );
    }
    write('README.md', '# Boats\n\nHow a keel is laid.\n');
    write('old.txt', Buffer.from('caf\xe9 noir\n', 'latin1'));
    index();
  });
  after(() => rmSync(place, { recursive: true }));

  test('gives the pack of indexing afresh, whatever changed', () => {
    const changes = [
      () => {},
      () => write('src/part1/file1.c', 'int mast(void) { return 1; }\n'),
      () => write('src/new.c', 'int rudder;\n'),
      () => rmSync(join(folder, 'src/part2/file2.c')),
      () => renameSync(join(folder, 'src/part3/file3.c'), join(folder, 'src/part3/renamed.c')),
      () => write('.gitignore', '*.md\n'),
      () => rmSync(join(folder, '.gitignore')),
    ];
    for (const change of changes) {
      change();
      index();
      assert.ok(readFileSync(pack()).equals(afresh()), String(change));
    }
  });

  test('gives the same bytes on any number of threads', () => {
    const one = afresh('--threads', '1');
    for (const threads of ['2', '3', '8']) assert.ok(afresh('--threads', threads).equals(one));
  });

  test('sees a change that keeps size and time of change', () => {
    write('src/same.c', 'int a = 1;\n');
    settle('src/same.c');
    index();
    write('src/same.c', 'int a = 2;\n');
    settle('src/same.c');
    index();
    assert.ok(readFileSync(pack()).equals(afresh()));
  });

  test('indexes afresh where what is kept is damaged, of another pack, or gone', () => {
    const forward = `${pack()}.forward`;
    const expected = afresh();
    const kept = readFileSync(forward);
    for (const spoil of [
      () => writeFileSync(forward, kept.subarray(0, kept.length / 2)),
      () => writeFileSync(forward, Buffer.alloc(kept.length)),
      () => writeFileSync(pack(), 'no pack'),
      () => rmSync(pack()),
      () => rmSync(forward),
    ]) {
      spoil();
      index();
      assert.ok(readFileSync(pack()).equals(expected), String(spoil));
    }
  });

  test('leaves nothing behind where that is not wanted', () => {
    index('--no-forward');
    assert.ok(!existsSync(`${pack()}.forward`));
    index();
    assert.ok(existsSync(`${pack()}.forward`));
  });
});

describe('a pack says what it is of', () => {
  const commit = '0123456789abcdef0123456789abcdef01234567';
  let place, folder;
  const git = (path, text) => {
    mkdirSync(dirname(join(folder, '.git', path)), { recursive: true });
    writeFileSync(join(folder, '.git', path), text);
  };
  /** What `weir inspect` tells, by name. */
  const told = (...options) => {
    const pack = join(place, 'told.weir');
    weir('index', folder, '-o', pack, ...options);
    assert.ok(!readFileSync(pack).includes('hunter2'));
    const lines = weir('inspect', pack).split('\n');
    return Object.fromEntries(lines.map((line) => line.split(/\s+(.*)/).slice(0, 2)));
  };

  before(() => {
    place = mkdtempSync(join(tmpdir(), 'weir-identity-'));
    folder = join(place, 'boats');
    mkdirSync(folder);
    writeFileSync(join(folder, 'a.c'), 'int keel;\n');
    git('HEAD', 'ref: refs/heads/main\n');
    git('refs/heads/main', `${commit}\n`);
  });
  after(() => rmSync(place, { recursive: true }));

  test('host, owner, name and commit, from .git, without credentials', () => {
    for (const url of [
      'https://me:hunter2@git.example/me/boats.git',
      'git@git.example:me/boats.git',
      'https://git.example/me/boats?token=hunter2',
    ]) {
      git('config', `[core]\n\tbare = false\n[remote "origin"]\n\turl = ${url}\n`);
      const { repository, commit: of } = told();
      assert.deepEqual([repository, of], ['git.example/me/boats', commit]);
    }
  });

  test('the commit of packed refs', () => {
    rmSync(join(folder, '.git/refs'), { recursive: true });
    git('packed-refs', `# pack-refs with: peeled\n${commit} refs/heads/main\n`);
    assert.equal(told().commit, commit);
  });

  test('what the command says, before all else', () => {
    const other = commit.split('').reverse().join('');
    const args = [
      '--repository',
      'git.example/you/boats',
      '--commit',
      other,
      '--time',
      '1700000000',
    ];
    const { repository, commit: of, time } = told(...args);
    assert.deepEqual([repository, of, time], ['git.example/you/boats', other, '1700000000']);
  });

  test('the folder’s name, where git says nothing', () => {
    rmSync(join(folder, '.git'), { recursive: true });
    const { repository, commit: of } = told();
    assert.deepEqual([repository, of], ['boats', 'unknown']);
  });
});
