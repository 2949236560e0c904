// npm test [-- NAME...]: everything that must hold before a change lands. With names, those steps alone.
import { join } from 'node:path';
import { buildAll } from './build.mjs';
import { cmake, root, run } from './steps.mjs';

const node = (...args) => run('node', args);
const sanitized = {
  WEIR_BIN_DIR: join(root, 'build/dev/bin'),
  ASAN_OPTIONS: 'detect_leaks=1:abort_on_error=0',
  UBSAN_OPTIONS: 'print_stacktrace=1',
};

/** Name, what it promises, work. Later steps use what earlier ones have built. */
const steps = [
  ['checks', 'layers, tree, format, schemas', checks],
  [
    'native',
    'unit tests, transcripts, simulation, tiktoken beside ours; with ASan and UBSan',
    native,
  ],
  ['wasm', 'the same unit tests and transcripts as WebAssembly', wasm],
  ['build', 'dist/ as users get it', buildAll],
  ['integration', 'the sanitized programs over loopback', integration],
  ['browser', 'the page in Chromium against the real edge', browser],
];

async function checks() {
  await node('.ci/checks/layers.mjs');
  await node('.ci/checks/tree.mjs');
  await node('.ci/checks/format.mjs');
  await node('.ci/checks/schemas.mjs');
}

async function native() {
  await cmake('dev');
  await run('ctest', ['--preset', 'dev']);
  await node('tests/unit/tokens/tiktoken_differential.mjs', 'build/dev/bin/weir');
}

async function wasm() {
  await cmake('wasm');
  await run('ctest', ['--preset', 'wasm']);
}

async function integration() {
  await run('node', ['--test', '--test-concurrency=1', 'tests/integration/'], { env: sanitized });
}

async function browser() {
  await run('node_modules/.bin/playwright', [
    'test',
    '--config',
    'tests/browser/playwright.config.ts',
  ]);
}

async function main(names) {
  const unknown = names.filter((name) => !steps.some(([known]) => known === name));
  if (unknown.length > 0) {
    console.error(
      `unknown step ${unknown[0]}; there are: ${steps.map(([name]) => name).join(', ')}`,
    );
    return 2;
  }
  await run('bash', ['.ci/setup']);
  const results = [];
  for (const [name, promise, work] of steps) {
    if (names.length > 0 && !names.includes(name)) continue;
    console.log(`\n=== ${name}: ${promise}`);
    const started = Date.now();
    const error = await work().then(
      () => undefined,
      (reason) => reason,
    );
    if (error) console.error(error.message);
    results.push({ name, passed: !error, seconds: Math.round((Date.now() - started) / 1000) });
  }
  console.log('');
  for (const { name, passed, seconds } of results) {
    console.log(`${passed ? 'passed' : 'FAILED'}  ${name} (${seconds} s)`);
  }
  const failed = results.filter(({ passed }) => !passed).length;
  console.log(`steps: ${results.length - failed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
