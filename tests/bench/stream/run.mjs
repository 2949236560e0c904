// npm run bench:stream: Weir beside nginx as relays of streamed answers. README.md in the folder above
// says what is measured and how.
import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { cmake, root, run as runCommand } from '../../../.ci/steps.mjs';
import { measure, stopAll } from './measure.mjs';
import { machine, table } from './report.mjs';
import {
  disturbancesOf,
  faultsOf,
  needsDirect,
  scenarios,
  standardScenarios,
} from './scenarios.mjs';
import { checkPrograms, standardSubjects, subjects } from './subjects.mjs';

const usage = `usage: npm run bench:stream [-- OPTION...]

  --scenarios A,B     of: ${Object.keys(scenarios).join(', ')} (default: ${standardScenarios.join(',')})
  --subjects A,B      of: ${Object.keys(subjects).join(', ')} (default: ${standardSubjects.join(',')})
  --edge PATH         the weir-edge to measure (default: the release build, built first)
  --edge-args 'A B'   arguments of the edge beside where to listen
  --repetitions N     of every scenario; figures are the medians (3)
  --seconds N         measured in each run, in place of the scenario's own time
  --quick             one repetition of 2 s: shows that everything works, measures little
  --proxy-core N, --load-core N    where they run (0, 1)
  --realtime          give both right of way there: for a machine that does other work (needs root)
  --awake             keep idle cores from being halted: for a virtual machine (needs root)
  --json FILE         every run's raw figures`;

function readOptions() {
  const string = { type: 'string' };
  const { values } = parseArgs({
    options: {
      scenarios: string,
      subjects: string,
      edge: string,
      'edge-args': string,
      repetitions: string,
      seconds: string,
      quick: { type: 'boolean' },
      'proxy-core': string,
      'load-core': string,
      realtime: { type: 'boolean' },
      awake: { type: 'boolean' },
      json: string,
      help: { type: 'boolean' },
    },
  });
  return {
    help: values.help,
    scenarios: chosen(values.scenarios, scenarios, standardScenarios),
    subjects: chosen(values.subjects, subjects, standardSubjects),
    edge: values.edge && resolve(process.env.INIT_CWD ?? '.', values.edge),
    edgeArguments: values['edge-args']?.split(' ') ?? [],
    repetitions: number(values, 'repetitions', values.quick ? 1 : 3),
    seconds: number(values, 'seconds', values.quick ? 2 : 0),
    proxyPlace: { core: number(values, 'proxy-core', 0), realtime: values.realtime },
    loadPlace: { core: number(values, 'load-core', 1), realtime: values.realtime },
    awake: values.awake,
    json: values.json,
  };
}

function number(values, name, standard) {
  const value = Number(values[name] ?? standard);
  if (!(value >= 0)) throw new Error(`--${name}: ${values[name]} is no number`);
  return value;
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

/** Every subject once, in turns that begin with another one each time. */
async function repetition(options, program, scenario, index, notes) {
  const runs = {};
  const names = options.subjects.filter((name) => name !== 'direct' || needsDirect(scenario));
  for (let turn = 0; turn < names.length; ++turn) {
    const name = names[(turn + index) % names.length];
    const title = `${scenario.title}, ${subjects[name].title}, run ${index + 1}`;
    process.stderr.write(`${title}\n`);
    try {
      const run = await measure(options, program, scenario, name);
      notes.raw.push({ scenario: scenario.title, subject: name, repetition: index, ...run });
      const faults = faultsOf(scenario, run);
      if (faults.length === 0) runs[name] = run;
      for (const fault of faults) notes.invalid.push(`${title}: ${fault}`);
      const found = disturbancesOf(run, name === 'direct');
      if (found.length > 0) notes.disturbed.push(`${title}: ${found.join(', ')}`);
    } catch (error) {
      notes.invalid.push(`${title}: ${error.message}`);
    }
  }
  return runs;
}

function conditions({ repetitions, awake, proxyPlace }) {
  const all = [`median of ${repetitions}, ratios to nginx of the same run`];
  if (awake) all.push('cores kept awake');
  if (proxyPlace.realtime) all.push('with right of way');
  return all.join('; ');
}

async function main(options) {
  await runCommand('bash', ['.ci/setup']);
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
  console.log(`\n${machine()}; ${conditions(options)}`);
  console.log(`\n${table(options.subjects, results)}\n`);
  for (const note of notes.disturbed) console.log(`disturbed: ${note}`);
  for (const note of notes.invalid) console.log(`INVALID: ${note}`);
  if (options.json) writeFileSync(options.json, JSON.stringify(notes.raw, null, 1));
  return notes.invalid.length === 0 ? 0 : 1;
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
