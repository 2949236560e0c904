// A forge on loopback: answers as its script says, and remembers what it was asked.
import { createServer } from 'node:http';

/**
 * `script`: {archive?, status?, headers?, redirect?, token?, type?, chunked?, cutAt?, stallAt?,
 * silent?}, or a function of the request that gives one. `token`: who does not send it gets 404, as
 * forges answer for private repositories.
 */
export class FakeForge {
  script = {};
  /** {path, authorization} of each request. */
  requests = [];
  connections = 0;
  /** Bytes of archives that sockets have taken, and requests whose client went away. */
  sent = 0;
  abandoned = 0;
  #server = createServer((request, response) => void this.#answer(request, response));

  async start() {
    this.#server.on('connection', () => (this.connections += 1));
    await new Promise((done) => this.#server.listen(0, '127.0.0.1', done));
    this.host = `127.0.0.1:${this.#server.address().port}`;
    this.url = `http://${this.host}`;
    return this;
  }

  /** An entry of an edge's config file that lets it fetch from here. */
  entry(options = {}) {
    return { kind: 'gitlab', url: this.url, addresses: ['127.0.0.1'], ...options };
  }

  async stop() {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  async #answer(request, response) {
    const { authorization } = request.headers;
    this.requests.push({ path: request.url, authorization });
    response.on('close', () => {
      if (!response.writableFinished) this.abandoned += 1;
    });
    const script = typeof this.script === 'function' ? this.script(request) : this.script;
    const { archive, redirect, token, status = 200, headers = {}, silent } = script;
    if (silent) return;
    if (redirect) return response.writeHead(302, { location: redirect }).end();
    if (token && authorization !== `Bearer ${token}`) return response.writeHead(404).end('{}');
    if (!archive) return response.writeHead(status, headers).end('{"message":"no"}');
    const { type = 'application/gzip', chunked } = script;
    const length = chunked ? {} : { 'content-length': archive.length };
    response.writeHead(status, { 'content-type': type, ...length, ...headers });
    await this.#send(response, archive, script);
  }

  async #send(response, archive, { cutAt = Infinity, stallAt = Infinity }) {
    const piece = 16 << 10;
    const end = Math.min(archive.length, cutAt, stallAt);
    for (let at = 0; at < end && !response.destroyed; at += piece) {
      const part = archive.subarray(at, Math.min(end, at + piece));
      const room = response.write(part);
      this.sent += part.length;
      if (!room) await new Promise((done) => response.once('drain', done).once('close', done));
    }
    if (cutAt < archive.length) return response.destroy();
    if (end === archive.length) response.end();
  }
}
