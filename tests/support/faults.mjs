// What is asked of every fault, beside what becomes of those who meet it: another stream goes on
// unharmed meanwhile, and nothing is left behind.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { freshKey, question } from './http-client.mjs';
import { connect } from './websocket.mjs';

const mebibyte = 1 << 20;
const piecesOfWitness = 20_000;

/** What the witness's provider does: the numbers, one after another, longer than any test. */
export const witnessScript = {
  pieces: Array.from({ length: piecesOfWitness }, (_, i) => `${i} `),
  betweenDelay: 20,
};
const witnessText = witnessScript.pieces.join('');
/** ms; sanitized programs on a busy machine stand still for a moment now and then. */
const gapMost = 2500;

/** Memory that is freed counts as freed under ASan too. */
export const quarantine = {
  ASAN_OPTIONS: `${process.env.ASAN_OPTIONS ?? ''}:quarantine_size_mb=1`,
};

export async function until(condition, what, limit = 10_000) {
  for (const end = Date.now() + limit; Date.now() < end; await sleep(10)) {
    if (await condition()) return;
  }
  assert.fail(`${what} within ${limit} ms`);
}

/** A stream of the provider with `witnessScript`, read over a WebSocket, that no fault may touch. */
export async function startWitness(edge, { headers } = {}) {
  const socket = await connect(`${edge.url}/v1/socket`, { headers });
  socket.sendJson({ type: 'ask', ref: 1, key: freshKey(), request: question('Count.') });
  const witness = new Witness(socket);
  await witness.goesOn();
  return witness;
}

class Witness {
  constructor(socket) {
    Object.assign(this, { socket, text: '', heardAt: performance.now(), longestGap: 0 });
    void this.listen();
  }

  async listen() {
    for (let frame; (frame = await this.socket.nextJson());) {
      if (frame.type === 'error') this.failed = frame;
      if (frame.type !== 'delta') continue;
      this.text += frame.text;
      const now = performance.now();
      this.longestGap = Math.max(this.longestGap, now - this.heardAt);
      this.heardAt = now;
    }
    this.ended = true;
  }

  /** More of the text comes, it is the provider's, and it never stood still for long. */
  async goesOn() {
    const had = this.text.length;
    await until(() => this.text.length > had || this.ended || this.failed, 'the witness goes on');
    assert.equal(this.failed, undefined);
    assert.ok(!this.ended, `the witness has lost its connection: ${this.socket.closeCode}`);
    assert.ok(witnessText.startsWith(this.text), 'the witness has another text');
    assert.ok(this.longestGap < gapMost, `the witness stood still for ${this.longestGap} ms`);
  }

  leave() {
    this.socket.cut();
  }
}

export const descriptors = (edge) => readdirSync(`/proc/${edge.child.pid}/fd`).length;

function residentBytes(edge) {
  const rollup = readFileSync(`/proc/${edge.child.pid}/smaps_rollup`, 'utf8');
  return Number(/^Rss:\s+(\d+) kB$/m.exec(rollup)[1]) * 1024;
}

/** CPU time so far, in ms. */
export function cpuTime(edge) {
  const fields = readFileSync(`/proc/${edge.child.pid}/stat`, 'latin1').split(') ')[1].split(' ');
  const ticksPerSecond = 100; // sysconf(_SC_CLK_TCK) of every Linux that Node runs on
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond;
}

/** What the edge holds for those who have come and not yet gone. */
async function held(edge) {
  const { answers, readers } = await edge.metrics();
  await sleep(20); // the connection that has asked goes
  return { answers, readers, descriptors: descriptors(edge) };
}

/**
 * Does `fault` some times at once, and again, and looks for what the second time has left: not a
 * descriptor, an answer or a reader, and of memory no more than allocators keep by themselves
 * (`mebibytes`). The edge must keep no answers and no connections of those that have gone.
 */
export async function leavesNothing(edge, fault, { times = 5, mebibytes = 6 } = {}) {
  const round = () => Promise.all(Array.from({ length: times }, fault));
  const quiet = async (before) => {
    const settled = async () => {
      const now = await held(edge);
      return Object.keys(before).every((name) => now[name] <= before[name]);
    };
    await until(settled, `the edge holds ${JSON.stringify(before)} again`).catch(async (error) => {
      assert.fail(`${error.message}, but ${JSON.stringify(await held(edge))}`);
    });
  };
  const before = await held(edge);
  await round();
  await quiet(before);
  const resident = residentBytes(edge);
  await round();
  await quiet(before);
  const grown = (residentBytes(edge) - resident) / mebibyte;
  assert.ok(grown < mebibytes, `${grown.toFixed(1)} MiB more after ${times} times`);
}
