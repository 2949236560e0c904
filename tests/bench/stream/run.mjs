// npm run bench:stream: Weir beside nginx as relays of streamed answers. README.md in the folder above
// says what is measured and how.
import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { cmake, root, run as runCommand } from '../../../.ci/steps.mjs';
import { machine, table } from './report.mjs';
import { disturbancesOf, faultsOf, scenarios } from './scenarios.mjs';
import { checkPrograms, freePort, pinned, startSubject, subjects } from './subjects.mjs';

const usage = `usage: npm run bench:stream [-- OPTION...]

  --scenarios A,B     of: ${Object.keys(scenarios).join(', ')} (default: all)
  --subjects A,B      of: ${Object.keys(subjects).join(', ')} (default: all but the optional)
  --edge PATH         the weir-edge to measure (default: the release build, built first)
  --repetitions N     of every scenario; figures are the medians (3)
  --seconds N         measured in each run, in place of the scenario's own time
  --quick             one repetition of 2 s: shows that everything works, measures little
  --proxy-core N, --load-core N    where they run (0, 1)
  --realtime          give both right of way there: for a machine that does other work (needs root)
  --json FILE         every run's raw figures`;

function readOptions() {
  const string = { type: 'string' };
  const { values } = parseArgs({
    options: {
      scenarios: string,
      subjects: string,
      edge: string,
      repetitions: string,
      seconds: string,
      quick: { type: 'boolean' },
      'proxy-core': string,
      'load-core': string,
      realtime: { type: 'boolean' },
      json: string,
      help: { type: 'boolean' },
    },
  });
  return {
    help: values.help,
    scenarios: chosen(values.scenarios, scenarios, Object.keys(scenarios)),
    subjects: chosen(values.subjects, subjects, ['direct', 'nginx', 'weir', 'weir-sse']),
    edge: values.edge,
    repetitions: Number(values.repetitions ?? (values.quick ? 1 : 3)),
    seconds: Number(values.seconds ?? (values.quick ? 2 : 0)),
    proxyPlace: { core: Number(values['proxy-core'] ?? 0), realtime: values.realtime },
    loadPlace: { core: Number(values['load-core'] ?? 1), realtime: values.realtime },
    json: values.json,
  };
}

function chosen(list, all, standard) {
  const names = list?.split(',') ?? standard;
  const unknown = names.find((name) => !(name in all));
  if (unknown) throw new Error(`unknown: ${unknown}; there are: ${Object.keys(all).join(', ')}`);
  return names;
}

/** Builds the load program, optimised. */
async function buildLoad() {
  const folder = join(root, 'build/bench');
  if (!existsSync(join(folder, 'build.ninja'))) {
    await runCommand('cmake', ['--preset', 'release', '-B', folder, '-DWEIR_TESTS=ON', '--log-level=NOTICE']); // prettier-ignore
  }
  await runCommand('cmake', ['--build', folder, '--target', 'stream_load']);
  return join(folder, 'bin/stream_load');
}

async function buildEdge() {
  await cmake('release', ['weir-edge']);
  return join(root, 'build/release/bin/weir-edge');
}

/** What runs now; stopped when we are told to end. */
const running = new Set();

function load(program, place, args) {
  const [first, ...rest] = pinned(place);
  const child = spawn(first, [...rest, program, ...args.map(String)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stop = async () => child.kill('SIGKILL');
  running.add(stop);
  return new Promise((done, failed) => {
    let out = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (text) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (errors += text));
    child.on('error', failed);
    child.on('close', (code) => {
      running.delete(stop);
      if (code === 0) done(JSON.parse(out));
      else failed(new Error(errors.trim() || 'the load program was ended'));
    });
  });
}

/** One run: a subject started afresh, warmed up with a few requests, and measured. */
async function measure(options, program, scenario, name) {
  const provider = { port: await freePort() };
  const subject = await startSubject(name, {
    place: options.proxyPlace,
    provider,
    edge: options.edge,
  });
  running.add(subject.stop);
  try {
    const ends = ['--provider-port', provider.port, '--face', subjects[name].face];
    if (subject.port) ends.push('--target', subject.port);
    const warmUp = ['--deltas', 1, '--again', '--settle', 0, '--seconds', 0.2];
    await load(program, options.loadPlace, [...ends, ...warmUp]);
    const watch = subject.port ? ['--proxy', subject.processes().join(',')] : [];
    const seconds = ['--seconds', options.seconds || scenario.seconds];
    return await load(program, options.loadPlace, [
      ...ends,
      ...scenario.load,
      ...seconds,
      ...watch,
    ]);
  } finally {
    running.delete(subject.stop);
    await subject.stop();
  }
}

/** Every subject once, in turns that begin with another one each time. */
async function repetition(options, program, scenario, index, notes) {
  const runs = {};
  for (let turn = 0; turn < options.subjects.length; ++turn) {
    const name = options.subjects[(turn + index) % options.subjects.length];
    const title = `${scenario.title}, ${subjects[name].title}, run ${index + 1}`;
    process.stderr.write(`${title}\n`);
    const run = await measure(options, program, scenario, name);
    const faults = faultsOf(scenario, run);
    for (const fault of faults) notes.invalid.push(`${title}: ${fault}`);
    for (const found of disturbancesOf(run, name === 'direct'))
      notes.disturbed.push(`${title}: ${found}`);
    notes.raw.push({ scenario: scenario.title, subject: name, repetition: index, ...run });
    if (faults.length === 0) runs[name] = run;
  }
  return runs;
}

async function main(options) {
  checkPrograms(options.subjects);
  const program = await buildLoad();
  options.edge ??= await buildEdge();
  const notes = { invalid: [], disturbed: [], raw: [] };
  const results = [];
  for (const name of options.scenarios) {
    const repetitions = [];
    for (let index = 0; index < options.repetitions; ++index) {
      repetitions.push(await repetition(options, program, scenarios[name], index, notes));
    }
    results.push({ scenario: scenarios[name], repetitions });
  }
  console.log(`\n${machine()}; median of ${options.repetitions}, ratios to nginx of the same run`);
  console.log(`\n${table(options.subjects, results)}\n`);
  for (const note of notes.disturbed) console.log(`disturbed: ${note}`);
  for (const note of notes.invalid) console.log(`INVALID: ${note}`);
  if (options.json) writeFileSync(options.json, JSON.stringify(notes.raw, null, 1));
  return notes.invalid.length === 0 ? 0 : 1;
}

async function stopAll() {
  await Promise.allSettled([...running].map((stop) => stop()));
}

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, async () => {
    await stopAll();
    process.exit(130);
  });
}

try {
  const options = readOptions();
  if (options.help) console.log(usage);
  else process.exitCode = await main(options);
} catch (error) {
  console.error(error.message);
  process.exitCode = 2;
} finally {
  await stopAll();
}
