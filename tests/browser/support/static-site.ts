import { type Server, createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

const types: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
};

/** A plain file server without any cleverness: what a static host does with the site. */
export class StaticSite {
  url = '';
  /** Files that lie beside the site's own, by path. */
  readonly beside: Record<string, string | Buffer>;
  readonly #server: Server;

  constructor(
    private readonly folder: string,
    private readonly base: string,
    beside: Record<string, string | Buffer> = {},
  ) {
    this.beside = beside;
    this.#server = createServer((request, response) => {
      this.#read(new URL(request.url ?? '/', 'http://x').pathname).then(
        ({ path, bytes }) => {
          const type = types[extname(path)] ?? 'application/octet-stream';
          response.writeHead(200, { 'content-type': type }).end(bytes);
        },
        () => response.writeHead(404, { 'content-type': 'text/html' }).end('<h1>Not found</h1>'),
      );
    });
  }

  async start(): Promise<this> {
    await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done));
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}${this.base}`;
    return this;
  }

  get origin(): string {
    return new URL(this.url).origin;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  async #read(pathname: string): Promise<{ path: string; bytes: string | Buffer }> {
    if (!pathname.startsWith(this.base)) throw new Error('outside');
    const path = normalize(pathname.slice(this.base.length) || 'index.html');
    return { path, bytes: this.beside[path] ?? (await readFile(join(this.folder, path))) };
  }
}
