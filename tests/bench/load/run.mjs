// npm run bench:load: very many WebSockets and streams on one edge, and all of them cut at once. README.md
// in the folder above says what is done and what must hold.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { cmake, root, run as runCommand } from '../../../.ci/steps.mjs';
import { machine } from '../stream/report.mjs';
import { freePort } from '../stream/subjects.mjs';

const usage = `usage: npm run bench:load [-- OPTION...]

  --sockets N      open and silent WebSockets (10000)
  --streams N      answers that run at a time, each over a WebSocket of its own (2000)
  --rate N         deltas a second of each (5)
  --seconds N      measured (20)
  --edge PATH      the weir-edge to measure (default: the release build, built first)
  --realtime       give all three right of way: for a machine that does other work (needs root)`;

const startsPerSecond = 1000;
const resumedWithin = 5; // seconds from the cut of all to the last answer's next text
const beginAndSettle = 2; // seconds that answers run before they are measured, beside the starts
const spareConnections = 1000; // to the provider

function readOptions() {
  const string = { type: 'string' };
  const { values } = parseArgs({
    options: {
      sockets: string,
      streams: string,
      rate: string,
      seconds: string,
      edge: string,
      realtime: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  const number = (name, standard) => {
    const value = Number(values[name] ?? standard);
    if (!(value > 0)) throw new Error(`--${name}: ${values[name]} is no number`);
    return value;
  };
  return {
    help: values.help,
    sockets: number('sockets', 10_000),
    streams: number('streams', 2000),
    rate: number('rate', 5),
    seconds: number('seconds', 20),
    realtime: values.realtime,
    edge: values.edge && resolve(process.env.INIT_CWD ?? '.', values.edge),
  };
}

/** Builds the load programs, optimised. */
async function buildLoad() {
  const folder = join(root, 'build/bench');
  if (!existsSync(join(folder, 'build.ninja'))) {
    await runCommand('cmake', ['--preset', 'release', '-B', folder, '-DWEIR_TESTS=ON', '--log-level=NOTICE']); // prettier-ignore
  }
  await runCommand('cmake', ['--build', folder, '--target', 'load_clients', 'load_provider']);
  return (name) => join(folder, 'bin', name);
}

const children = new Set();

function start({ realtime }, program, args, env = {}) {
  const [first, ...rest] = [...(realtime ? ['chrt', '--rr', '1'] : []), program, ...args];
  const child = spawn(first, rest.map(String), {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.add(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ended = once(child, 'exit').then(([code, signal]) => {
    children.delete(child);
    return signal ?? code;
  });
  return {
    pid: child.pid,
    line: async () => (await lines.next()).value,
    ask: async (question) => {
      child.stdin.write(`${question}\n`);
      return (await lines.next()).value;
    },
    stop: (signal = 'SIGTERM') => {
      child.kill(signal);
      return ended;
    },
    ended,
  };
}

/** Runs the clients to their end and gives their figures, with the provider's. */
async function load(programs, options, deltas, args, connect) {
  const { streams, rate } = options;
  const port = await freePort();
  const provider = start(options, programs('load_provider'), ['--port', port, '--streams', streams, '--rate', rate, '--deltas', deltas]); // prettier-ignore
  await provider.ask('ready');
  const place = await connect(port);
  const clients = start(options, programs('load_clients'), ['--streams', streams, '--deltas', deltas, '--starts', startsPerSecond, ...place, ...args]); // prettier-ignore
  const printed = await clients.line();
  if ((await clients.ended) !== 0 || !printed) throw new Error('the clients gave no figures');
  const asked = JSON.parse(await provider.ask('figures'));
  await provider.stop();
  return { ...JSON.parse(printed), requests: asked.requests, late_p99: asked.late_p99 };
}

function writeConfig({ sockets, streams }) {
  const folder = mkdtempSync(join(tmpdir(), 'weir-load-'));
  const path = join(folder, 'config.json');
  const connections = sockets + 2 * streams; // those that were cut may not have gone yet
  writeFileSync(
    path,
    JSON.stringify({
      log_answers: false,
      limits: {
        server: { connections },
        upstream: { connections_per_origin: streams + spareConnections },
        admission: { running: 2 * streams },
      },
    }),
  );
  return { path, remove: () => rmSync(folder, { recursive: true }) };
}

async function measureEdge(programs, options, deltas) {
  const config = writeConfig(options);
  let edge;
  try {
    const figures = await load(
      programs,
      options,
      deltas,
      ['--idle', options.sockets, '--seconds', options.seconds, '--storm'],
      async (providerPort) => {
        edge = start(options, options.edge, ['--listen', '127.0.0.1:0', '--config', config.path], {
          OPENAI_BASE_URL: `http://127.0.0.1:${providerPort}/v1`,
          OPENAI_API_KEY: 'sk-bench',
        });
        const url = /http:\/\/\S+/.exec(await edge.line())[0];
        return ['--port', new URL(url).port, '--edge', edge.pid];
      },
    );
    return figures;
  } finally {
    await edge?.stop();
    config.remove();
  }
}

/** What makes the run a failure. */
function faultsOf({ streams, sockets }, direct, edge) {
  const faults = [];
  for (const [name, run] of [
    ['direct', direct],
    ['edge', edge],
  ]) {
    // prettier-ignore
    if (run.failures > 0) faults.push(`${name}: ${run.failures} failures, first: ${run.trouble}`);
    if (run.done !== streams) faults.push(`${name}: ${run.done} of ${streams} answers came whole`);
    if (run.requests !== streams) {
      faults.push(`${name}: ${run.requests} calls of the provider for ${streams} answers`);
    }
  }
  if (edge.open !== sockets + streams) {
    faults.push(`${sockets + streams - edge.open} sockets were lost`);
  }
  if (edge.resumed !== streams) faults.push(`${edge.resumed} of ${streams} answers were resumed`);
  if (!(edge.resumed_after_max < resumedWithin * 1e6)) {
    faults.push(`the last answer was resumed after ${seconds(edge.resumed_after_max)} s`);
  }
  return faults;
}

const seconds = (microseconds) => (microseconds / 1e6).toFixed(2);
const milliseconds = (microseconds) => (microseconds / 1000).toFixed(2);
const mebibytes = (kilobytes) => (kilobytes / 1024).toFixed(0);
const each = (kilobytes, count) => (kilobytes / count).toFixed(1);

function table({ sockets, streams, rate }, direct, edge) {
  const rows = [
    ['delta, from the provider to the reader, p50 (ms)', milliseconds(direct.age_p50), milliseconds(edge.age_p50)],
    ['same, p99', milliseconds(direct.age_p99), milliseconds(edge.age_p99)],
    ['added, p99', '', milliseconds(edge.age_p99 - direct.age_p99)],
    ['deltas late at the provider, p99 (ms)', milliseconds(direct.late_p99), milliseconds(edge.late_p99)],
    ["the edge's share of a core", '', edge.edge_cpu_share.toFixed(2)],
    ["the edge's memory, nobody there (MB)", '', mebibytes(edge.empty_kb)],
    [`same, ${sockets} sockets (a socket: KB)`, '', `${mebibytes(edge.idle_kb)} (${each(edge.idle_kb - edge.empty_kb, sockets)})`],
    [`same, and ${streams} streams (a stream: KB)`, '', `${mebibytes(edge.streams_kb)} (${each(edge.streams_kb - edge.idle_kb, streams)})`],
    ['same, after the storm', '', mebibytes(edge.storm_kb)],
    ['storm: socket open again, p50 / last (s)', '', `${seconds(edge.opened_after_p50)} / ${seconds(edge.opened_after_max)}`],
    ['storm: answer goes on, p50 / last (s)', '', `${seconds(edge.resumed_after_p50)} / ${seconds(edge.resumed_after_max)}`],
    [`calls of the provider for ${streams} answers`, direct.requests, edge.requests],
  ]; // prettier-ignore
  const lines = [`| ${sockets} sockets, ${streams} x ${rate} deltas/s | direct | Weir |`, '| --- | --- | --- |']; // prettier-ignore
  return [...lines, ...rows.map((row) => `| ${row.join(' | ')} |`)].join('\n');
}

async function main(options) {
  await runCommand('bash', ['.ci/setup']);
  const programs = await buildLoad();
  if (!options.edge) {
    await cmake('release', ['weir-edge']);
    options.edge = join(root, 'build/release/bin/weir-edge');
  }
  const busy = loadavg()[0].toFixed(1);
  const running = options.streams / startsPerSecond + beginAndSettle + options.seconds;
  const directDeltas = Math.ceil(options.rate * running);
  const edgeDeltas = Math.ceil(options.rate * (running + resumedWithin + beginAndSettle));
  const toProvider = async (port) => ['--port', port];
  const direct = await load(programs, options, directDeltas, ['--seconds', options.seconds], toProvider); // prettier-ignore
  const edge = await measureEdge(programs, options, edgeDeltas);
  const way = options.realtime ? '; with right of way' : '';
  console.log(
    `\n${machine()}; load average before: ${busy}${way}\n\n${table(options, direct, edge)}\n`,
  );
  const faults = faultsOf(options, direct, edge);
  for (const fault of faults) console.log(`FAILED: ${fault}`);
  return faults.length === 0 ? 0 : 1;
}

try {
  const options = readOptions();
  if (options.help) console.log(usage);
  else process.exitCode = await main(options);
} catch (error) {
  console.error(error.message);
  process.exitCode = 2;
} finally {
  for (const child of children) child.kill('SIGKILL');
}
