// What every tracked file must be free of, and which folders the tree shows.
import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(fileURLToPath(import.meta.url), '../../..');
const visibleFolders = ['edge-server', 'shared', 'tests', 'wasm', 'web'];
const longestFile = 600; // lines; a longer one has more than one reason to change
const rules = [
  [/"resolved": "https?:/, 'records a download address (see .npmrc)', /package-lock\.json$/],
  [
    /\b(if|while|for|switch)\s*\((?:[^()]|\([^()]*\))*\bco_await\b/,
    'awaits in a condition, which GCC 12 may drop (edge-server/net.hpp)',
    /^edge-server\/.*\.[ch]pp$/,
  ],
  [/(^|[^\w.])\/(root|home)\//, 'names a path of one machine', /./],
  [
    /\b(GTEST_SKIP|DISABLED_)|\b(test|it|describe)\.(skip|only|fixme)\(/,
    'skips or singles out a test',
    /^(tests|web|wasm)\//,
  ],
];

const files = spawnSync('git', ['ls-files', '-z'], {
  cwd: root,
  encoding: 'utf8',
  maxBuffer: 1 << 28,
})
  .stdout.split('\0')
  .filter((file) => file && statSync(join(root, file), { throwIfNoEntry: false })?.isFile());

const breaches = [];
const folders = [
  ...new Set(
    files.filter((f) => f.includes('/') && !f.startsWith('.')).map((f) => f.split('/')[0]),
  ),
];
for (const folder of folders) {
  if (!visibleFolders.includes(folder)) breaches.push(`${folder}/: not a folder of the house`);
}
for (const file of files) {
  if (
    file.startsWith('.ci/checks/') ||
    file.startsWith('tests/data/') ||
    /\.(png|ico|weir|bin)$/.test(file)
  )
    continue;
  const text = readFileSync(join(root, file), 'utf8');
  const lines = text.split('\n');
  if (/\.(cpp|hpp|ts|tsx|mjs|css)$/.test(file) && lines.length > longestFile) {
    breaches.push(`${file}: ${lines.length} lines, at most ${longestFile}`);
  }
  for (const [pattern, what, where] of rules) {
    if (!where.test(file)) continue;
    const line = lines.findIndex((content) => pattern.test(content));
    if (line >= 0) breaches.push(`${file}:${line + 1}: ${what}`);
  }
}
for (const breach of breaches) console.error(breach);
console.log(`tree: ${files.length} files, ${breaches.length} breaches`);
process.exitCode = breaches.length === 0 ? 0 : 1;
