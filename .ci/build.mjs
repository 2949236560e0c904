// npm run build: fills dist/ with bin (native tools), weir (the npm package) and site (the page).
import { chmodSync, copyFileSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cmake, root, run, unlessDone } from './steps.mjs';

const build = ['CMakeLists.txt', 'CMakePresets.json', 'package-lock.json', '.ci'];

/** Replaces a file in one step, so that a running program keeps the one it was started from. */
function install(from, to) {
  copyFileSync(from, `${to}.new`);
  chmodSync(`${to}.new`, 0o755);
  renameSync(`${to}.new`, to);
}

async function native() {
  await cmake('release', ['weir', 'weir-edge']);
  mkdirSync(join(root, 'dist/bin'), { recursive: true });
  for (const program of ['weir', 'weir-edge']) {
    install(join(root, 'build/release/bin', program), join(root, 'dist/bin', program));
  }
}

async function npmPackage() {
  await cmake('wasm', [
    'weir-engine',
    'weir-search',
    'weir-index',
    'weir-counter',
    'weir_vocabularies',
  ]);
  await run('node', ['wasm/build.mjs', '--from', 'build/wasm', '--to', 'dist/weir']);
}

async function site() {
  await run('node', ['web/build.mjs']);
}

const steps = [
  ['native tools', 'native', [...build, 'shared', 'edge-server'], 'dist/bin/weir-edge', native],
  [
    'WebAssembly and the npm package',
    'package',
    [...build, 'shared', 'wasm'],
    'dist/weir/index.js',
    npmPackage,
  ],
  ['the page', 'site', [...build, 'shared', 'wasm', 'web'], 'dist/site/index.html', site],
];

export async function buildAll() {
  for (const [index, [title, name, inputs, product, work]] of steps.entries()) {
    const started = Date.now();
    process.stdout.write(`[${index + 1}/${steps.length}] ${title}\n`);
    const built = await unlessDone(name, inputs, product, work);
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    process.stdout.write(`      ${built ? `built in ${seconds} s` : 'up to date'}\n`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await run('bash', ['.ci/setup']);
    await buildAll();
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
