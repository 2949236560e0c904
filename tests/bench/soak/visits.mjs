// What readers do to an edge in a soak: each visit is one of them, from its question to its leaving, and
// throws where the edge did not keep a promise.
import { setTimeout as sleep } from 'node:timers/promises';
import { events, freshKey, postAnswer, question, send } from '../../support/http-client.mjs';
import { connect } from '../../support/websocket.mjs';

const piece = 'Forty-two, [1]. ';
const largePiece = 'x'.repeat(4096);

/** What the provider does, by a word in the question. */
export const scripts = {
  short: { pieces: [piece], repeat: 5 },
  steady: { pieces: [piece], repeat: 40, betweenDelay: 25 },
  endless: { pieces: [piece], repeat: 1000, betweenDelay: 250 }, // longer than anyone lingers
  large: { pieces: [largePiece], repeat: 3000 }, // 12 MB: more than a log and the sockets hold
  broken: { pieces: [piece], repeat: 10, cutAt: 1200 },
  refused: { status: 500, body: { error: { message: 'soak' } } },
};

export function scriptOf(call) {
  return scripts[/kind=(\w+)/.exec(call.body)[1]];
}

const textOf = (kind) => scripts[kind].pieces.join('').repeat(scripts[kind].repeat);
const requestFor = (kind) => question(`What is the answer? kind=${kind}`, { context: [] });

function expect(condition, what) {
  if (!condition) throw new Error(what);
}

/** An answer as one reader sees it, over whatever transport brings its events. */
class Reading {
  constructor() {
    Object.assign(this, { text: '', cursor: 0, id: undefined, end: undefined, gaps: 0, events: 0 });
  }

  take(event) {
    if (event.cursor) {
      expect(event.cursor > this.cursor, 'a cursor did not grow');
      this.cursor = event.cursor;
    }
    this.events += 1;
    if (event.type === 'accepted') this.id = event.answer;
    if (event.type === 'delta') this.text += event.text;
    if (event.type === 'gap') this.gaps += 1;
    if (event.type === 'done' || event.type === 'error') this.end = event;
  }

  expectWhole(kind) {
    expect(this.end?.type === 'done', `${kind} ended with ${JSON.stringify(this.end)}`);
    expect(this.text === textOf(kind), `the text of ${kind} is not the provider's`);
  }

  expectError(code) {
    expect(code.test(this.end?.code), `expected ${code}, came ${JSON.stringify(this.end)}`);
  }
}

/** Reads until the end, or until so many events of all have come. */
async function readHttp(response, reading, most = Infinity) {
  expect(response.statusCode === 200, `refused with ${response.statusCode}`);
  reading.id ??= response.headers['weir-answer'];
  for await (const event of events(response)) {
    reading.take(event);
    if (reading.end || reading.events >= most) break;
  }
  response.abort();
  expect(reading.end || reading.events >= most, 'a stream ended without a last event');
}

async function readSocket(socket, reading, most = Infinity) {
  while (!reading.end && reading.events < most) {
    const frame = await socket.nextJson();
    expect(frame, 'a socket closed without a last event');
    reading.take(frame);
  }
}

const socketUrl = (edge) => `${edge.url.replace('http', 'ws')}/v1/socket`;

/** Asks, and follows, over one of the two transports. `leave` cuts the connection. */
const transports = {
  async http(edge) {
    let response;
    return {
      async ask(kind, key, reading, most) {
        response = await postAnswer(edge.url, { key, request: requestFor(kind) });
        await readHttp(response, reading, most);
      },
      async resume(reading) {
        const url = `${edge.url}/v1/answers/${reading.id}?after=${reading.cursor}`;
        response = await send(url);
        await readHttp(response, reading);
      },
      async cancel(key) {
        const gone = await send(`${edge.url}/v1/answers`, {
          method: 'DELETE',
          headers: { 'weir-key': key },
        });
        gone.resume();
        expect(gone.statusCode === 204, `cancelling was refused with ${gone.statusCode}`);
      },
      leave: () => response?.abort(),
    };
  },

  async socket(edge) {
    const socket = await connect(socketUrl(edge));
    let ref = 0;
    return {
      async ask(kind, key, reading, most) {
        socket.sendJson({ type: 'ask', ref: ++ref, key, request: requestFor(kind) });
        await readSocket(socket, reading, most);
      },
      async resume(reading) {
        socket.sendJson({ type: 'resume', ref: ++ref, answer: reading.id, after: reading.cursor });
        await readSocket(socket, reading);
      },
      async cancel(key) {
        socket.sendJson({ type: 'cancel', key });
      },
      leave: () => socket.cut(),
    };
  },
};

const either = (random) => transports[random() < 0.5 ? 'http' : 'socket'];

async function reads(kind, random, edge) {
  const reader = await either(random)(edge);
  const reading = new Reading();
  await reader.ask(kind, freshKey(), reading);
  reader.leave();
  return reading;
}

export const visits = {
  async reads_on({ edge, random }) {
    const reader = await transports.socket(edge);
    for (let count = 0; count < 5; ++count) {
      const reading = new Reading();
      await reader.ask('short', freshKey(), reading);
      reading.expectWhole('short');
    }
    reader.leave();
    (await reads('short', random, edge)).expectWhole('short');
  },

  async resumes({ edge, random }) {
    const reading = new Reading();
    const first = await either(random)(edge);
    await first.ask('steady', freshKey(), reading, 3 + Math.floor(random() * 20));
    first.leave();
    const second = await either(random)(edge);
    await second.resume(reading);
    second.leave();
    reading.expectWhole('steady');
  },

  async asks_again({ edge, random }) {
    const key = freshKey();
    const first = await either(random)(edge);
    await first.ask('steady', key, new Reading(), 2);
    first.leave();
    const reading = new Reading();
    const second = await either(random)(edge);
    await second.ask('steady', key, reading);
    second.leave();
    reading.expectWhole('steady');
  },

  async follows({ edge, random }) {
    const reading = new Reading();
    const asker = await either(random)(edge);
    await asker.ask('steady', freshKey(), reading, 5);
    const follow = async () => {
      const follower = await either(random)(edge);
      const own = Object.assign(new Reading(), { id: reading.id });
      await follower.resume(own);
      follower.leave();
      own.expectWhole('steady');
    };
    await Promise.all([follow(), follow(), follow()]);
    asker.leave();
  },

  async cancels({ edge, random }) {
    const key = freshKey();
    const reading = new Reading();
    const asker = await either(random)(edge);
    await asker.ask('endless', key, reading, 2);
    const other = await either(random)(edge);
    await other.cancel(key);
    const reader = await either(random)(edge);
    await reader.resume(reading);
    reading.expectError(/^cancelled$/);
    for (const each of [asker, other, reader]) each.leave();
  },

  async cancels_before_asking({ edge }) {
    const key = freshKey();
    const asker = await transports.socket(edge);
    const reading = new Reading();
    await asker.cancel(key);
    await asker.ask('short', key, reading);
    asker.leave();
    reading.expectError(/^cancelled$/);
  },

  /** Leaves for good: the edge ends the answer when the linger time is over. */
  async abandons({ edge, random }) {
    const reader = await either(random)(edge);
    await reader.ask('endless', freshKey(), new Reading(), 2 + Math.floor(random() * 5));
    reader.leave();
  },

  async is_failed_by_the_provider({ edge, random }) {
    (await reads('refused', random, edge)).expectError(/^provider_/);
    (await reads('broken', random, edge)).expectError(/^provider_cut$/);
  },

  async asks_for_what_is_not_there({ edge }) {
    const reading = Object.assign(new Reading(), { id: freshKey() });
    const reader = await transports.socket(edge);
    await reader.resume(reading);
    reader.leave();
    reading.expectError(/^not_found$/);
  },
};

const stalls = 5; // of a slow reader, a second each

/** A response whose first pieces are taken one a second. */
function slowed(response) {
  async function* pieces() {
    let left = stalls;
    for await (const piece of response.setEncoding('utf8')) {
      yield piece;
      if (left-- > 0) await sleep(1000);
    }
  }
  const { statusCode, headers } = response;
  return { statusCode, headers, abort: () => response.abort(), setEncoding: pieces };
}

async function readSlowlyOverHttp(edge, reading, most) {
  const response = await postAnswer(edge.url, { request: requestFor('large') });
  await readHttp(slowed(response), reading, most);
}

/** Nothing is taken for a second, then for a moment all that comes. */
async function stall({ socket }) {
  for (let left = stalls; left > 0; --left) {
    socket.pause();
    await sleep(1000);
    socket.resume();
    await sleep(5);
  }
}

async function readSlowlyOverSocket(edge, reading, most) {
  const socket = await connect(socketUrl(edge));
  socket.sendJson({ type: 'ask', ref: 1, key: freshKey(), request: requestFor('large') });
  await stall(socket);
  await readSocket(socket, reading, most);
  socket.cut();
}

/** Takes a large answer in a trickle for some seconds, then all that is kept; or goes in the middle. */
export async function readSlowly({ edge, random }) {
  const reading = new Reading();
  const leaves = random() < 0.5;
  const read = random() < 0.5 ? readSlowlyOverHttp : readSlowlyOverSocket;
  await read(edge, reading, leaves ? 100 : Infinity);
  if (leaves) return;
  expect(reading.end.type === 'done', `large ended with ${JSON.stringify(reading.end)}`);
  if (reading.gaps === 0) reading.expectWhole('large');
}
