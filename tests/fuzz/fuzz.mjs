// npm run fuzz [-- --minutes N] [--jobs N] [--keep] [NAME...]: runs libFuzzer programs, all unless named.
// What a program has seen lies in build/fuzz/corpus, and what it stumbled over in build/fuzz/findings;
// with --keep the least that reaches as much is put into corpus/, which `npm test` replays.
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { cmake, root, run } from '../../.ci/steps.mjs';

const programs = join(root, 'build/fuzz/bin');
const here = join(root, 'tests/fuzz');
const kept = join(here, 'corpus');
const seen = join(root, 'build/fuzz/corpus');
const findings = join(root, 'build/fuzz/findings');
/** Of an input, in bytes; of what is kept, so that a checkout stays small. */
const longest = 4096;
const longestKept = 1024;
/** By the clock, which a busy machine stretches. */
const hangSeconds = 120;
/** Inputs of a target, the largest: each reaches most. */
const keptMost = 100;

const { values, positionals } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    jobs: { type: 'string', default: '2' },
    keep: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});

/** Runs a libFuzzer program; gives its figures, and whether it stumbled. */
function fuzz(name) {
  const folders = [join(seen, name), join(kept, name)];
  for (const folder of folders) mkdirSync(folder, { recursive: true });
  const child = spawn(
    join(programs, `fuzz_${name}`),
    [
      `-max_total_time=${Number(values.minutes) * 60}`,
      `-max_len=${longest}`,
      `-timeout=${hangSeconds}`,
      '-rss_limit_mb=2048',
      '-reduce_inputs=1',
      '-print_final_stats=1',
      '-close_fd_mask=3',
      `-artifact_prefix=${findings}/${name}-`,
      ...folders,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (log = (log + text).slice(-100_000)));
  return new Promise((done) =>
    child.on('exit', (code) => {
      const figure = (stat) => Number(new RegExp(`stat::${stat}:\\s+(\\d+)`).exec(log)?.[1] ?? 0);
      const coverage = Number([...log.matchAll(/ cov: (\d+)/g)].at(-1)?.[1] ?? 0);
      done({ name, code, runs: figure('number_of_executed_units'), coverage, log });
    }),
  );
}

const sizeOf = (folder, file) => statSync(join(folder, file)).size;

/** Puts of the least that reaches as much so many in the place of what was kept, beside what fuzzing began with. */
async function keep(name) {
  const least = join(root, 'build/fuzz/least', name);
  rmSync(least, { recursive: true, force: true });
  mkdirSync(least, { recursive: true });
  const args = ['-set_cover_merge=1', `-max_len=${longestKept}`, '-close_fd_mask=3', least];
  await run(join(programs, `fuzz_${name}`), [...args, join(kept, name), join(seen, name)], {
    stdio: 'ignore',
  });
  for (const file of readdirSync(join(kept, name))) {
    if (!file.startsWith('seed-')) rmSync(join(kept, name, file));
  }
  const bySize = readdirSync(least).sort((a, b) => sizeOf(least, b) - sizeOf(least, a));
  for (const file of bySize.slice(0, keptMost)) {
    cpSync(join(least, file), join(kept, name, file));
  }
}

const known = readdirSync(here)
  .filter((file) => file.endsWith('_fuzz.cpp'))
  .map((file) => file.slice(0, -'_fuzz.cpp'.length));
const unknown = positionals.filter((name) => !known.includes(name));
if (unknown.length > 0)
  throw new Error(`no such target: ${unknown}; there are ${known.join(', ')}`);
const queue = positionals.length > 0 ? positionals : known;
await cmake(
  'fuzz',
  queue.map((name) => `fuzz_${name}`),
);
mkdirSync(findings, { recursive: true });
let stumbled = 0;
async function work() {
  for (let name = queue.shift(); name; name = queue.shift()) {
    const { code, runs, coverage, log } = await fuzz(name);
    console.log(`${name.padEnd(16)} ${runs} runs, coverage ${coverage}, status ${code}`);
    if (code !== 0) {
      stumbled++;
      console.log(log.slice(-4000));
    }
    if (values.keep) await keep(name);
  }
}
await Promise.all(Array.from({ length: Number(values.jobs) }, work));
process.exitCode = stumbled === 0 ? 0 : 1;
