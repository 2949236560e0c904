// An OpenAI-compatible provider over real TCP, told per call what to do: what to send, when, in which
// pieces, and how to fail. It keeps a record of each call for the tests to look at.
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a call does unless told otherwise. */
const standard = {
  pieces: ['The answer ', 'is in ', '[1].'],
  repeat: 1, // times that the pieces are sent
  finish: 'stop',
  usage: { prompt_tokens: 11, completion_tokens: 7 },
  headDelay: 0, // ms before the response's head
  firstDelay: 0, // ms from the head to the first delta
  betweenDelay: 0, // ms between deltas
  pauseAt: Infinity, // so many deltas come, and the others once `goOn`, a promise, is kept
  goOn: undefined,
  splitEvery: 0, // bytes of each TCP write; 0: whole events
  cutAt: Infinity, // the connection is reset after this many bytes of the body
  hang: false, // no head, ever
  hangAfterPieces: false, // the stream goes silent when its pieces are sent
  status: 200,
  body: undefined, // of an error status
  json: undefined, // a whole response in place of a stream
  raw: undefined, // { type, parts } of another provider's stream, in place of the pieces
  breaks: false, // the connection is reset behind the parts
  headers: {},
};

/**
 * Starts the provider on a free port. `script` is what a call does: an object over `standard`, or a
 * function of the call that gives one. `tls`: { key, cert } as node:https takes them.
 */
export async function startProvider(script = {}, { tls } = {}) {
  const provider = new Provider(script, tls);
  await provider.listen();
  return provider;
}

class Provider {
  constructor(script, tls) {
    this.script = script;
    this.calls = [];
    this.waiting = [];
    this.sockets = new Set();
    this.tls = Boolean(tls);
    const handle = (request, response) => void this.handle(request, response);
    this.server = tls ? createTlsServer(tls, handle) : createServer(handle);
    this.server.keepAliveTimeout = 0;
    this.server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
      socket.on('error', () => {});
    });
    this.server.on('tlsClientError', () => {});
  }

  async listen() {
    await new Promise((done) => this.server.listen(0, '127.0.0.1', done));
    this.port = this.server.address().port;
    this.baseUrl = `${this.tls ? 'https' : 'http'}://127.0.0.1:${this.port}/v1`;
  }

  async handle(request, response) {
    const call = new Call(request);
    this.calls.push(call);
    response.on('close', () => call.sawClose(!response.writableFinished));
    for (const wake of this.waiting.splice(0)) wake();
    call.body = await readAll(request);
    const chosen = typeof this.script === 'function' ? this.script(call) : this.script;
    await respond(response, { ...standard, ...chosen }, call).catch((error) => {
      if (!call.closedAt) throw error;
    });
  }

  /** The call with this number, as soon as it has come. */
  async call(index = this.calls.length) {
    while (this.calls.length <= index) await new Promise((wake) => this.waiting.push(wake));
    return this.calls[index];
  }

  async stop() {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((done) => this.server.close(done));
  }
}

/** One request, and what became of it. Times are those of performance.now(). */
class Call {
  constructor(request) {
    this.path = request.url;
    this.headers = request.headers;
    this.cameAt = performance.now();
    this.closedAt = undefined;
    this.closedByPeer = false; // before the response was whole
    this.firstPieceAt = undefined;
    this.closed = new Promise((done) => (this.resolveClosed = done));
  }

  get json() {
    return JSON.parse(this.body);
  }

  sawClose(early) {
    this.closedAt ??= performance.now();
    this.closedByPeer = early && !this.cut;
    this.resolveClosed(this);
  }
}

async function readAll(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

async function respond(response, todo, call) {
  if (todo.headDelay) await sleep(todo.headDelay);
  if (todo.hang) return;
  if (todo.status !== 200) {
    response.writeHead(todo.status, { 'content-type': 'application/json', ...todo.headers });
    response.end(typeof todo.body === 'string' ? todo.body : JSON.stringify(todo.body ?? {}));
    return;
  }
  if (todo.json) {
    response.writeHead(200, { 'content-type': 'application/json', ...todo.headers });
    response.end(JSON.stringify(todo.json));
    return;
  }
  const type = todo.raw?.type ?? 'text/event-stream';
  response.writeHead(200, { 'content-type': type, ...todo.headers });
  response.flushHeaders();
  const writer = new Writer(response, todo, call);
  if (todo.raw) return respondRaw(writer, response, todo, call);
  if (todo.firstDelay) await sleep(todo.firstDelay);
  const pieces = Array(todo.repeat).fill(todo.pieces).flat();
  for (const [index, piece] of pieces.entries()) {
    if (index > 0 && todo.betweenDelay) await sleep(todo.betweenDelay);
    if (index === todo.pauseAt) await todo.goOn;
    call.firstPieceAt ??= performance.now();
    if (!(await writer.event(chunk({ content: piece })))) return;
  }
  if (todo.hangAfterPieces) return;
  if (!(await writer.event(chunk({}, todo.finish)))) return;
  if (todo.usage && !(await writer.event({ ...chunk(), choices: [], usage: todo.usage }))) return;
  if (await writer.text('data: [DONE]\n\n')) response.end();
}

async function respondRaw(writer, response, { raw, breaks }, call) {
  for (const part of raw.parts) if (!(await writer.text(part))) return;
  if (!breaks) return void response.end();
  call.cut = true;
  response.socket?.resetAndDestroy();
}

/** A chunk of https://platform.openai.com/docs/api-reference/chat-streaming. */
function chunk(delta = {}, finish = null) {
  return {
    id: 'chatcmpl-test',
    object: 'chat.completion.chunk',
    created: 0,
    model: 'test',
    choices: [{ index: 0, delta, finish_reason: finish }],
  };
}

/** Writes the body in the pieces asked for, and cuts it where asked. */
class Writer {
  constructor(response, { splitEvery, cutAt }, call) {
    Object.assign(this, { response, splitEvery, cutAt, call, written: 0 });
  }

  event(data) {
    return this.text(`data: ${JSON.stringify(data)}\n\n`);
  }

  /** False once the connection is gone. */
  async text(text) {
    const bytes = Buffer.from(text);
    const size = this.splitEvery || bytes.length;
    for (let at = 0; at < bytes.length; at += size) {
      if (!(await this.write(bytes.subarray(at, at + size)))) return false;
    }
    return true;
  }

  async write(bytes) {
    if (this.response.destroyed) return false;
    const room = this.cutAt - this.written;
    if (room <= bytes.length) {
      this.call.cut = true;
      this.response.write(bytes.subarray(0, room), () => this.response.socket?.resetAndDestroy());
      return false;
    }
    this.written += bytes.length;
    await new Promise((done) => this.response.write(bytes, done));
    return !this.response.destroyed;
  }
}
