// Running the commands that the build, the tests and `npm start` are made of.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

const environment = {
  ...process.env,
  // Emscripten's link step finds its own JavaScript helpers here.
  NODE_PATH: '/usr/share/nodejs',
  // Lets ccache serve translation units that use a precompiled header.
  CCACHE_SLOPPINESS: 'pch_defines,time_macros',
  // Several checkouts of the repository share what is compiled once.
  CCACHE_BASEDIR: root,
  CCACHE_NOHASHDIR: '1',
};

/** Runs a command in the repository's root with its output shown; rejects unless it exits with 0. */
export function run(command, args, options = {}) {
  return new Promise((done, failed) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: 'inherit',
      ...options,
      env: { ...environment, ...options.env },
    });
    child.on('error', failed);
    child.on('exit', (code, signal) => {
      if (code === 0) done();
      else
        failed(new Error(`${command} ${args.join(' ')} ended with ${signal ?? `status ${code}`}`));
    });
  });
}

/** Configures a CMake preset where that has not been done, then builds targets of it. */
export async function cmake(preset, targets = []) {
  if (!existsSync(join(root, 'build', preset, 'build.ninja'))) {
    await run('cmake', ['--preset', preset, '--log-level=NOTICE']);
  }
  const chosen = targets.flatMap((target) => ['--target', target]);
  await run('cmake', ['--build', '--preset', preset, ...chosen]);
}

/** A digest of the files that git tracks or would track below these paths: names, sizes and times. */
export function fingerprint(paths) {
  const listing = spawnSync(
    'git',
    ['ls-files', '-co', '--exclude-standard', '-z', '--', ...paths],
    {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    },
  );
  if (listing.status !== 0) return undefined; // no git checkout: always build
  const digest = createHash('sha256');
  for (const file of [...new Set(listing.stdout.split('\0'))].filter(Boolean).sort()) {
    const stat = statSync(join(root, file), { throwIfNoEntry: false });
    if (stat) digest.update(`${file}\0${stat.size}\0${stat.mtimeMs}\n`);
  }
  return digest.digest('hex');
}

/** Runs `work` unless its inputs are as they were when it last succeeded and its product still exists. */
export async function unlessDone(name, inputs, product, work) {
  const stamp = join(root, 'build', 'stamps', name);
  const current = fingerprint(inputs);
  const before = existsSync(stamp) ? readFileSync(stamp, 'utf8') : '';
  if (current && current === before && existsSync(join(root, product))) return false;
  await work();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, current ?? '');
  return true;
}
