// npm run soak: visitors come and go at full churn, and the edge's memory is to stay flat. The README in
// the folder above says what is done and what must hold.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { cmake, root, run } from '../../../.ci/steps.mjs';
import { startProvider } from '../../support/fake-provider.mjs';
import { slope } from './slope.mjs';

const usage = `usage: npm run soak [-- OPTION...]

  --minutes N         of churn (15); the first third of it is warm-up
  --edge PATH         the weir-edge to run (default: the release build, built first)
  --edge-args 'A B'   arguments of it
  --visitors N        at a time (100)
  --most KB           a minute by which its resident memory may grow after the warm-up (512)
  --seed N            of the visitors' choices (1)`;

const sampleEvery = 2000; // ms
/** Visits to one slow reader of a large answer: among the answers kept there are then always as many. */
const slowEvery = 200;
const reportEvery = 60_000; // ms
const mostFilling = 20; // answers kept a minute, after the warm-up
const visitLimit = 90_000; // ms: a visit that takes longer is stuck
const quietLimit = 60_000; // ms: after the linger time and some more nobody's answer may still run

/** Small, so that all of them are met within seconds, on a slow machine too. */
const limits = {
  answer: {
    answers: 2000,
    log_bytes: 1 << 20,
    all_logs_bytes: 16 << 20,
    linger: 10,
    retention: 60,
  },
};

function readOptions() {
  const string = { type: 'string' };
  const { values } = parseArgs({
    options: {
      minutes: string,
      edge: string,
      'edge-args': string,
      visitors: string,
      most: string,
      seed: string,
      help: { type: 'boolean' },
    },
  });
  return {
    help: values.help,
    minutes: number(values, 'minutes', 15),
    edge: values.edge && resolve(process.env.INIT_CWD ?? '.', values.edge),
    edgeArguments: values['edge-args']?.split(' ') ?? [],
    visitors: number(values, 'visitors', 100),
    most: number(values, 'most', 512),
    seed: number(values, 'seed', 1),
  };
}

function number(values, name, standard) {
  const value = Number(values[name] ?? standard);
  if (!(value >= 0)) throw new Error(`--${name}: ${values[name]} is no number`);
  return value;
}

/** Mulberry32: the visitors' choices are the same for the same seed. */
function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Fails where a promise is not kept in time. */
async function within(limit, promise) {
  const watch = new AbortController();
  const late = sleep(limit, undefined, { signal: watch.signal, ref: false }).then(() => {
    throw new Error(`not over after ${limit / 1000} s`);
  });
  late.catch(() => {}); // called off
  await Promise.race([promise, late]).finally(() => watch.abort());
}

class Soak {
  constructor(edge, provider, { minutes, seed }) {
    Object.assign(this, { edge, provider, minutes, random: randomFrom(seed) });
    this.started = Date.now();
    this.end = this.started + minutes * 60_000;
    this.visits = {};
    this.count = 0;
    this.failures = [];
    this.samples = [];
  }

  get over() {
    return Date.now() >= this.end || this.edge.child.exitCode !== null;
  }

  get elapsedMinutes() {
    return (Date.now() - this.started) / 60_000;
  }

  /** Notes how a visit went. */
  async visit(name, work) {
    try {
      await within(visitLimit, work({ edge: this.edge, random: this.random }));
      this.visits[name] = (this.visits[name] ?? 0) + 1;
    } catch (error) {
      this.failures.push(`${name}: ${error.message}`);
      await sleep(100);
    }
  }

  async visitor(visits, readSlowly) {
    const names = Object.keys(visits);
    while (!this.over) {
      const name = names[Math.floor(this.random() * names.length)];
      await this.visit(name, visits[name]);
      if (++this.count % slowEvery === 0) await this.visit('reads_slowly', readSlowly);
    }
  }

  residentKb() {
    const text = readFileSync(`/proc/${this.edge.child.pid}/smaps_rollup`, 'utf8');
    return Number(/^Rss:\s+(\d+)/m.exec(text)[1]);
  }

  async sample() {
    let reported = Date.now();
    while (!this.over) {
      this.provider.calls.splice(0); // its record of each would fill our own memory
      const { answers, log_bytes: logs } = await this.edge.metrics();
      const time = this.elapsedMinutes;
      this.samples.push({ time, rss: this.residentKb(), logs: logs / 1024, answers });
      if (Date.now() - reported >= reportEvery) {
        reported = Date.now();
        await this.report();
      }
      await sleep(sampleEvery);
    }
  }

  async report() {
    const { rss } = this.samples.at(-1);
    const figures = Object.entries(await this.edge.metrics());
    const line = figures.map(([name, count]) => `${name} ${count}`).join(', ');
    console.log(`${this.elapsedMinutes.toFixed(1)} min: RSS ${rss} KB, ${line}`);
  }

  get samplesAfterWarmUp() {
    return this.samples.filter(({ time }) => time >= this.minutes / 3);
  }

  /** All have left: what must be nothing again, once the linger time is over. */
  async quiet() {
    const end = Date.now() + quietLimit;
    for (;;) {
      const { answers_running: running, readers, connections } = await this.edge.metrics();
      if (running === 0 && readers === 0 && connections <= 1) return undefined;
      if (Date.now() > end) {
        return `left behind: ${running} running answers, ${readers} readers, ${connections} connections`;
      }
      await sleep(500);
    }
  }
}

function judge(soak, leftBehind, options) {
  const samples = soak.samplesAfterWarmUp;
  const growth = slope(samples, (sample) => sample.rss);
  const beside = slope(samples, (sample) => sample.rss - sample.logs);
  console.log(`\nvisits: ${soak.count}, ${JSON.stringify(soak.visits)}`);
  console.log(`RSS slope after the warm-up: ${growth.toFixed(1)} KB/min (at most ${options.most})`);
  console.log(`of that beside the answers' logs: ${beside.toFixed(1)} KB/min`);
  const faults = [];
  if (soak.failures.length > 0) {
    faults.push(`${soak.failures.length} visits failed, the first: ${soak.failures[0]}`);
  }
  const filling = slope(samples, (sample) => sample.answers);
  if (filling > mostFilling) {
    faults.push(`still filling up, by ${filling.toFixed(0)} answers a minute: make it longer`);
  }
  if (!(growth <= options.most)) faults.push('the memory grows');
  if (leftBehind) faults.push(leftBehind);
  for (const fault of faults) console.log(`FAILED: ${fault}`);
  if (faults.length === 0) console.log('passed');
  return faults.length === 0 ? 0 : 1;
}

async function main(options) {
  await run('bash', ['.ci/setup']);
  if (options.edge && basename(options.edge) !== 'weir-edge') {
    throw new Error('--edge: the program must be named weir-edge');
  }
  if (options.edge) process.env.WEIR_BIN_DIR = resolve(options.edge, '..');
  else {
    await cmake('release', ['weir-edge']);
    process.env.WEIR_BIN_DIR = join(root, 'build/release/bin');
  }
  const { startEdge } = await import('../../support/edge.mjs');
  const { readSlowly, scriptOf, visits } = await import('./visits.mjs');
  const folder = mkdtempSync(join(tmpdir(), 'weir-soak-'));
  const config = join(folder, 'config.json');
  writeFileSync(config, JSON.stringify({ limits }));
  const provider = await startProvider(scriptOf);
  const edge = await startEdge({
    provider,
    args: ['--config', config, ...options.edgeArguments],
  });
  const stop = async () => {
    await edge.stop();
    await provider.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.on(signal, () => void stop().then(() => process.exit(130)));
  }
  try {
    const soak = new Soak(edge, provider, options);
    const visitor = () => soak.visitor(visits, readSlowly);
    await Promise.all([...Array.from({ length: options.visitors }, visitor), soak.sample()]);
    if (edge.child.exitCode !== null) throw new Error(`the edge ended: ${edge.stderr}`);
    const leftBehind = await soak.quiet();
    await soak.report();
    return judge(soak, leftBehind, options);
  } finally {
    await stop();
  }
}

try {
  const options = readOptions();
  if (options.help) console.log(usage);
  else process.exitCode = await main(options);
} catch (error) {
  console.error(error.message);
  process.exitCode = 2;
}
