// Formatting: clang-format for C++, prettier for the rest. `--write` mends instead of telling.
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(fileURLToPath(import.meta.url), '../../..');
const write = process.argv.includes('--write');

function tracked(patterns) {
  const listing = spawnSync('git', ['ls-files', '-co', '--exclude-standard', '--', ...patterns], {
    cwd: root,
    encoding: 'utf8',
  });
  return listing.stdout.split('\n').filter(Boolean);
}

function check(command, args, files) {
  if (files.length === 0) return true;
  return (
    spawnSync(command, [...args, ...files], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
      .status === 0
  );
}

const cpp = tracked(['*.cpp', '*.hpp']);
const scripts = tracked(['*.ts', '*.tsx', '*.mjs', '*.css', '*.html']);
const good = [
  check('clang-format', write ? ['-i'] : ['--dry-run', '-Werror'], cpp),
  check('node_modules/.bin/prettier', ['--log-level=warn', write ? '--write' : '--check'], scripts),
];
console.log(`format: ${cpp.length + scripts.length} files`);
process.exitCode = good.every(Boolean) ? 0 : 1;
