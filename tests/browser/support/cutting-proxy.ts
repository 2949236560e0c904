import { type Socket, connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

/// A TCP proxy in front of an edge that harms answers only: connections that carry the page, packs
/// and lists go through whole.

const carriesAnswers = /^(?:GET \/v1\/socket|(?:GET|POST) \/v1\/answers)/m;

export class CuttingProxy {
  url = '';
  /** Answer a WebSocket upgrade with 403, as some middleboxes do. */
  refuseUpgrade = false;
  /** Keep from the page what is sent to it about answers; what it sends gets through. */
  mute = false;
  /** How many connections were cut. */
  cuts = 0;
  #down = false;
  #room = Infinity;
  readonly #sockets = new Set<Socket>();
  readonly #server = createServer((client) => this.#link(client));

  constructor(private readonly port: number) {}

  async start(): Promise<this> {
    await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done));
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return this;
  }

  /** Cuts an answer's connection, once, when so many more bytes have gone to the page. */
  cutAfter(bytes: number): void {
    this.#room = bytes;
  }

  /** As when a cable is pulled, and plugged in again: everything ends, and nothing can begin. */
  set down(down: boolean) {
    this.#down = down;
    if (down) for (const socket of this.#sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((done) => this.#server.close(done));
  }

  #link(client: Socket): void {
    if (this.#down) return void client.destroy();
    const edge = connect(this.port, '127.0.0.1');
    let answers = false;
    for (const [socket, other] of [
      [client, edge],
      [edge, client],
    ] as const) {
      this.#sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
    client.on('data', (bytes) => {
      const text = bytes.toString('latin1');
      answers ||= carriesAnswers.test(text);
      if (this.refuseUpgrade && /^upgrade: *websocket/im.test(text)) {
        client.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
      } else {
        edge.write(bytes);
      }
    });
    edge.on('data', (bytes: Buffer) => {
      if (answers && this.mute) return;
      if (answers) this.#toPage(client, bytes);
      else client.write(bytes);
    });
  }

  #toPage(client: Socket, bytes: Buffer): void {
    const whole = bytes.length < this.#room;
    const sent = whole ? bytes : bytes.subarray(0, this.#room);
    this.#room = whole ? this.#room - bytes.length : Infinity;
    if (!whole) this.cuts += 1;
    client.write(sent, () => !whole && client.destroy());
  }
}
