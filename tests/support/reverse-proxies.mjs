// Starts Debian's nginx and haproxy in front of an edge: with the configuration that the package brings,
// but for what needs root, in a folder of their own, on a free port of loopback.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const recipes = resolve(dirname(fileURLToPath(import.meta.url)), '../../edge-server/proxies');

/** The recipes as the documentation gives them; they take the places of addresses below. */
export const nginxRecipe = readFileSync(join(recipes, 'nginx.conf'), 'utf8');
export const haproxyRecipe = readFileSync(join(recipes, 'haproxy.cfg'), 'utf8');

/** What somebody writes who only wants nginx in front of a server. */
export const nginxPlain = `
server {
  listen 80;
  location / {
    proxy_pass http://127.0.0.1:8787;
  }
}
`;

export const haproxyPlain = `
frontend weir
  bind :80
  default_backend weir
backend weir
  server edge 127.0.0.1:8787
`;

/** Starts nginx with this site in front of the edge, on a free port unless told which. */
export function startNginx(edge, site, chosenPort) {
  return start('nginx', chosenPort, (folder, port) => {
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
      .map((name) => `${name}_temp_path ${folder}/${name};`)
      .join('\n');
    const placed = replaceAll(site, { 'listen 80;': `listen 127.0.0.1:${port};`, ...place(edge) });
    writeFileSync(join(folder, 'site.conf'), `${temporary}\n${placed}`);
    const debian = replaceAll(readFileSync('/etc/nginx/nginx.conf', 'utf8'), {
      'user www-data;': `user ${userInfo().username};`,
      '/run/nginx.pid': `${folder}/nginx.pid`,
      '/var/log/nginx/': `${folder}/`,
      'include /etc/nginx/modules-enabled/*.conf;': '',
      'include /etc/nginx/conf.d/*.conf;': '',
      '/etc/nginx/sites-enabled/*': `${folder}/site.conf`,
    });
    writeFileSync(join(folder, 'nginx.conf'), debian);
    const args = ['-p', folder, '-e', `${folder}/error.log`, '-c', `${folder}/nginx.conf`];
    return ['/usr/sbin/nginx', [...args, '-g', 'daemon off;']];
  });
}

/** Starts haproxy with these sections after Debian's own, on a free port unless told which. */
export function startHaproxy(edge, sections, chosenPort) {
  return start('haproxy', chosenPort, (folder, port) => {
    const debian = readFileSync('/etc/haproxy/haproxy.cfg', 'utf8')
      .split('\n')
      .filter((line) => !/^\s*(log\s+\/dev|chroot|stats|user|group|daemon)\b/.test(line))
      .join('\n');
    const placed = replaceAll(sections, { 'bind :80': `bind 127.0.0.1:${port}`, ...place(edge) });
    writeFileSync(join(folder, 'haproxy.cfg'), `${debian}\n${placed}`);
    return ['/usr/sbin/haproxy', ['-db', '-f', `${folder}/haproxy.cfg`]];
  });
}

const place = (edge) => ({ '127.0.0.1:8787': edge.host });

/** The text with every key replaced by its value; each must be there, or the test tests nothing. */
export function replaceAll(text, replacements) {
  for (const [from, to] of Object.entries(replacements)) {
    if (!text.includes(from)) throw new Error(`nothing to replace: ${from}`);
    text = text.replaceAll(from, to);
  }
  return text;
}

async function start(name, chosenPort, configure) {
  const folder = mkdtempSync(join(tmpdir(), `weir-${name}-`));
  const port = chosenPort ?? (await freePort());
  const [program, args] = configure(folder, port);
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const proxy = new ReverseProxy(child, folder, port);
  await proxy.listening();
  return proxy;
}

async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

class ReverseProxy {
  constructor(child, folder, port) {
    Object.assign(this, { child, folder, port, url: `http://127.0.0.1:${port}`, output: '' });
    this.exited = once(child, 'exit');
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => (this.output += text));
    }
  }

  async listening() {
    for (let attempt = 0; attempt < 200; ++attempt, await sleep(25)) {
      if (this.child.exitCode !== null) break;
      if (await accepts(this.port)) return;
    }
    await this.stop();
    throw new Error(`${this.child.spawnfile} does not listen: ${this.output}`);
  }

  async stop() {
    if (this.child.exitCode === null) this.child.kill('SIGTERM');
    await this.exited;
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function accepts(port) {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => done(true)).on('error', () => done(false));
    socket.on('connect', () => socket.destroy());
  });
}
