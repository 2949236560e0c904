// What stands between the provider and the readers: each subject is started with its configuration,
// pinned to a core, and stopped again.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const startLimit = 10_000; // ms for a subject to listen
const stopLimit = 5_000; // ms from SIGTERM to SIGKILL

/** A port that nobody listens on now. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

async function listens(port) {
  const socket = connect(port, '127.0.0.1');
  const answer = await Promise.race([
    once(socket, 'connect').then(() => true),
    once(socket, 'error').then(() => false),
  ]).catch(() => false);
  socket.destroy();
  return answer;
}

/**
 * What is put before a command to pin it to a core. `realtime`: with right of way there, so that other
 * work of the machine costs the figures less (nice does not do that where sessions are scheduled as
 * groups). Needs root.
 */
export function pinned({ core, realtime }) {
  const first = realtime ? ['chrt', '--rr', '1'] : [];
  return [...first, 'taskset', '-c', String(core)];
}

/** A program, pinned to a core, and everything that it has started. */
class Program {
  constructor(place, command, args, { env = {}, folder } = {}) {
    this.folder = folder;
    this.command = command;
    this.output = '';
    const [first, ...rest] = pinned(place);
    this.child = spawn(first, [...rest, command, ...args], {
      env: { PATH: process.env.PATH, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.ended = new Promise((done) => this.child.on('exit', done));
    this.child.on('error', (error) => (this.output += error.message));
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => (this.output += text));
    }
  }

  async waitUntilListening(port) {
    const end = Date.now() + startLimit;
    while (!(await listens(port))) {
      if (this.child.exitCode !== null || Date.now() > end) {
        throw new Error(`${this.command} did not start: ${this.output.trim()}`);
      }
      await sleep(20);
    }
  }

  /** Its process and its children's. */
  processes() {
    const { pid } = this.child;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
    return [pid, ...children.split(' ').filter(Boolean).map(Number)];
  }

  async stop() {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      this.child.kill('SIGTERM');
      this.child.kill('SIGTERM'); // the edge then does not wait for running answers
      const killer = setTimeout(() => {
        for (const pid of this.processes()) process.kill(pid, 'SIGKILL');
      }, stopLimit);
      await this.ended;
      clearTimeout(killer);
    }
    if (this.folder) rmSync(this.folder, { recursive: true, force: true });
  }
}

function workFolder(name) {
  return mkdtempSync(join(tmpdir(), `weir-bench-${name}-`));
}

/** The provider is trusted by its authority, under this name. */
const providerName = 'localhost';
/** Kept connections to the provider, and what else must not be the bound of a run. */
const many = 20_000;

function nginxConfiguration(port, provider) {
  const asRoot = process.getuid() === 0 ? 'user root;' : '';
  const tls = `
      proxy_ssl_verify on;
      proxy_ssl_trusted_certificate ${provider.tls?.authority};
      proxy_ssl_name ${providerName};
      proxy_ssl_server_name on;`;
  return `daemon off;
${asRoot}
worker_processes 1;
worker_rlimit_nofile ${many};
pid nginx.pid;
error_log error.log;
events { worker_connections ${many}; }
http {
  access_log off;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  keepalive_requests 1000000;
  upstream provider {
    server 127.0.0.1:${provider.port} max_fails=0;
    keepalive 8192;
    keepalive_requests 1000000;
  }
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location / {
      proxy_pass http${provider.tls ? 's' : ''}://provider;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_buffering off;${provider.tls ? tls : ''}
    }
  }
}
`;
}

async function startNginx({ place, provider }) {
  const port = await freePort();
  const folder = workFolder('nginx');
  writeFileSync(join(folder, 'nginx.conf'), nginxConfiguration(port, provider));
  const args = ['-p', folder, '-e', 'error.log', '-c', 'nginx.conf'];
  return { program: new Program(place, 'nginx', args, { folder }), port };
}

function haproxyConfiguration(port, provider) {
  const tls = `ssl verify required ca-file ${provider.tls?.authority} verifyhost ${providerName} sni str(${providerName})`;
  return `global
  nbthread 1
  maxconn 9500
defaults
  mode http
  option http-no-delay
  timeout connect 10s
  timeout client 120s
  timeout server 120s
  http-reuse always
frontend front
  bind 127.0.0.1:${port} backlog 4096
  default_backend provider
backend provider
  server provider 127.0.0.1:${provider.port} ${provider.tls ? tls : ''}
`;
}

async function startHaproxy({ place, provider }) {
  const port = await freePort();
  const folder = workFolder('haproxy');
  const file = join(folder, 'haproxy.cfg');
  writeFileSync(file, haproxyConfiguration(port, provider));
  return { program: new Program(place, 'haproxy', ['-db', '-f', file], { folder }), port };
}

/** `limits`: beside the edge's defaults, as its configuration file holds them. */
async function startWeir({ place, provider, edge, edgeArguments }, limits = {}) {
  const port = await freePort();
  const folder = workFolder('edge');
  const file = join(folder, 'config.json');
  // Its questions are all alike, and the peers answer each by a call.
  writeFileSync(file, JSON.stringify({ limits: { cache: { keep: 0 }, ...limits } }));
  const args = ['--listen', `127.0.0.1:${port}`, '--config', file, ...edgeArguments];
  const program = new Program(place, edge, args, {
    folder,
    env: {
      OPENAI_BASE_URL: `http${provider.tls ? 's' : ''}://127.0.0.1:${provider.port}/v1`,
      OPENAI_API_KEY: 'x',
      ...(provider.tls ? { SSL_CERT_FILE: provider.tls.authority } : {}),
    },
  });
  return { program, port };
}

const gather = 0.0005; // s that the edge waits for more to do after it was woken

/** Name, the face of it that the load program asks, and how it is started (not at all: direct). */
export const subjects = {
  direct: { title: 'direct', face: 'openai' },
  nginx: { title: 'nginx', face: 'openai', start: startNginx, needs: 'nginx' },
  haproxy: { title: 'haproxy', face: 'openai', start: startHaproxy, needs: 'haproxy' },
  weir: { title: 'Weir, WebSocket', face: 'weir-socket', start: startWeir },
  'weir-sse': { title: 'Weir, SSE', face: 'weir-sse', start: startWeir },
  'weir-gather': {
    title: 'Weir, WebSocket, gathering 0.5 ms',
    face: 'weir-socket',
    start: (settings) => startWeir(settings, { server: { gather } }),
  },
};
export const standardSubjects = ['direct', 'nginx', 'weir', 'weir-sse'];

/** Throws a sentence that says what to install where a subject's program is missing. */
export function checkPrograms(names) {
  for (const name of names) {
    const { needs } = subjects[name];
    if (!needs || spawnSync(needs, ['-v']).status === 0) continue;
    throw new Error(`${needs} is not installed: run .ci/setup, or leave it out with --subjects.`);
  }
}

/**
 * Starts a subject; ready() waits until it listens. `settings`: place {core, realtime}, provider
 * {port, tls}, edge (a path), edgeArguments.
 */
export async function startSubject(name, settings) {
  const { start } = subjects[name];
  if (!start) return { ready: async () => {}, processes: () => [], stop: async () => {} };
  const { program, port } = await start(settings);
  return {
    port,
    ready: () => program.waitUntilListening(port),
    processes: () => program.processes(),
    stop: () => program.stop(),
  };
}
