// A TCP proxy that misbehaves on purpose: cuts a connection after so many bytes of either direction,
// delays, goes silent, or refuses upgrades (as some middleboxes do) or everything else.
import { connect, createServer } from 'node:net';

/**
 * Starts the proxy in front of `port`. `plan` is what becomes of a connection: an object, or a
 * function of the connection's number (from 0) that gives one:
 *   cutDownAfter, cutUpAfter: bytes to the client, or from it, after which both sides are cut
 *   onCut: called when that happens, before either side can know
 *   silentDownAfter: bytes to the client after which nothing more comes, without an end
 *   delay: ms that each piece to the client waits
 *   refuseUpgrade: answer a WebSocket upgrade with 403
 *   refuseHttp: reset whatever is no upgrade
 *   splitDown: bytes of each piece to the client
 */
export async function startProxy(port, plan = {}) {
  const sockets = new Set();
  const proxy = { connections: 0, plan };
  const server = createServer((client) => {
    const number = proxy.connections++;
    const chosen = typeof proxy.plan === 'function' ? proxy.plan(number) : proxy.plan;
    const upstream = connect(port, '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('close', () => sockets.delete(socket));
    }
    new Link(client, upstream, chosen ?? {});
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  proxy.port = server.address().port;
  proxy.url = `http://127.0.0.1:${proxy.port}`;
  proxy.stop = () => {
    for (const socket of sockets) socket.destroy();
    return new Promise((done) => server.close(done));
  };
  return proxy;
}

class Link {
  constructor(client, upstream, plan) {
    Object.assign(this, { client, upstream, plan, down: 0, up: 0 });
    client.on('data', (bytes) => this.fromClient(bytes));
    upstream.on('data', (bytes) => this.fromUpstream(bytes));
    for (const socket of [client, upstream]) socket.on('error', () => this.cut());
    client.on('close', () => upstream.destroy());
    upstream.on('end', () => this.later(() => client.end()));
    upstream.on('close', () => this.later(() => client.end()));
  }

  cut() {
    this.client.destroy();
    this.upstream.destroy();
  }

  cutAsPlanned() {
    this.plan.onCut?.();
    this.cut();
  }

  later(work) {
    if (this.plan.delay) setTimeout(work, this.plan.delay);
    else work();
  }

  fromClient(bytes) {
    const upgrades = /^upgrade: *websocket/im.test(bytes.toString('latin1'));
    if (this.plan.refuseHttp && this.up === 0 && !upgrades) return this.cut();
    if (this.plan.refuseUpgrade && upgrades) {
      this.client.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
      this.upstream.destroy();
      return;
    }
    const room = (this.plan.cutUpAfter ?? Infinity) - this.up;
    this.up += bytes.length;
    if (bytes.length < room) this.upstream.write(bytes);
    else this.upstream.write(bytes.subarray(0, Math.max(room, 0)), () => this.cutAsPlanned());
  }

  fromUpstream(bytes) {
    const size = this.plan.splitDown ?? bytes.length;
    for (let at = 0; at < bytes.length; at += size) {
      const piece = bytes.subarray(at, at + size);
      this.later(() => this.toClient(piece));
    }
  }

  toClient(bytes) {
    const { cutDownAfter = Infinity, silentDownAfter = Infinity } = this.plan;
    const room = Math.min(cutDownAfter, silentDownAfter) - this.down;
    this.down += bytes.length;
    if (bytes.length < room) {
      this.client.write(bytes);
    } else if (room > 0 || cutDownAfter <= silentDownAfter) {
      const cuts = cutDownAfter <= silentDownAfter;
      this.client.write(bytes.subarray(0, Math.max(room, 0)), () => cuts && this.cutAsPlanned());
    }
  }
}
