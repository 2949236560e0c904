// make_pairs.mjs ARCHIVES OUT.jsonl: reads the source packages that lie in a folder (the .orig and
// .debian archives that `apt-get source --download-only` brings) and writes the pairs to train on.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  existsSync,
  lstatSync,
  openSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { permissiveFiles } from './licences.mjs';
import { EXTENSIONS, pairsOf, pairsOfPatch } from './pairs.mjs';

/** So that no package outweighs the others. */
const PAIRS_MOST = 6000;
const FILE_BYTES_MOST = 400_000;

const digest = (text) => createHash('sha256').update(text).digest('hex');

function* filesBelow(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path);
    else if (entry.isFile()) yield path;
  }
}

function unpack(archive, folder, strip) {
  const names = ['debian/*', ...EXTENSIONS.map((extension) => `*.${extension}`)];
  const how = [`--strip-components=${strip}`, '--wildcards', ...names];
  // Its exit code is 2 where one of the patterns matches nothing.
  spawnSync('tar', ['-xf', archive, '-C', folder, ...how], { stdio: 'ignore' });
}

function packagesIn(folder) {
  const packages = new Map();
  for (const name of readdirSync(folder).sort()) {
    const found = /^([^_]+)_[^_]*\.(orig|debian)\.tar\.\w+$/.exec(name);
    if (!found) continue;
    const entry = packages.get(found[1]) ?? {};
    entry[found[2]] = join(folder, name);
    packages.set(found[1], entry);
  }
  return packages;
}

function pairsOfPackage({ orig, debian }) {
  const folder = mkdtempSync(join(tmpdir(), 'weir-pairs-'));
  try {
    unpack(debian, folder, 0);
    const permitted = permissiveFiles(readFileSync(join(folder, 'debian/copyright'), 'utf8'));
    const pairs = [];
    if (!permitted('README') && !permitted('src/main.c')) return undefined;
    const patches = join(folder, 'debian/patches');
    if (existsSync(patches)) {
      for (const path of filesBelow(patches))
        pairs.push(...pairsOfPatch(readFileSync(path, 'utf8')));
    }
    rmSync(join(folder, 'debian'), { recursive: true });
    unpack(orig, folder, 1);
    for (const path of filesBelow(folder)) {
      const name = relative(folder, path);
      if (/(^|\/)(vendor|node_modules|third_party|dist|debian)\//.test(name)) continue;
      if (lstatSync(path).size > FILE_BYTES_MOST || !permitted(name)) continue;
      for (const pair of pairsOf(name, readFileSync(path, 'utf8'))) pairs.push(pair);
    }
    return pairs;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const [archives, target] = process.argv.slice(2);
const out = openSync(target, 'w');
const seen = new Set();
for (const [name, entry] of packagesIn(archives)) {
  if (!entry.orig || !entry.debian) continue;
  let pairs;
  try {
    pairs = pairsOfPackage(entry);
  } catch (error) {
    console.error(`${name}: ${error.message.split('\n')[0]}`);
    continue;
  }
  if (!pairs) {
    console.error(`${name}: not permissive, or not said in a way that a program can read`);
    continue;
  }
  const fresh = [];
  for (const pair of pairs) {
    const key = digest(pair.query.toLowerCase());
    if (seen.has(key)) continue;
    seen.add(key);
    fresh.push({ key, pair });
  }
  // By digest: an order that is always the same and has nothing to do with the package's own.
  fresh.sort((a, b) => (a.key < b.key ? -1 : 1));
  for (const { pair } of fresh.slice(0, PAIRS_MOST)) {
    writeSync(out, JSON.stringify({ package: name, ...pair }) + '\n');
  }
  console.error(`${name}: ${Math.min(fresh.length, PAIRS_MOST)} of ${pairs.length} pairs`);
}
