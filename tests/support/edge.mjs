// Starts the real weir-edge for a test, and stops it.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { send, text } from './http-client.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const binaries = process.env.WEIR_BIN_DIR ?? join(root, 'dist/bin');

/** Nothing of the developer's own configuration reaches a test's edge. */
function cleanEnvironment() {
  const kept = ['PATH', 'LANG', 'TMPDIR', 'ASAN_OPTIONS', 'UBSAN_OPTIONS', 'TSAN_OPTIONS'];
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => kept.includes(name)));
}

/**
 * Starts weir-edge, on a free port unless told where to `listen`. `provider`: a fake provider that it
 * shall call; `config`: a config file's content; `limits`: its member of this name; `caches`: whether who
 * asks the same is given the same answer, which most tests don't want of their edge; `args`, `env`: beside
 * the standard ones; `under`: a command that runs it; `stderr`: a descriptor in place of edge.stderr.
 */
export async function startEdge({
  provider,
  listen = '127.0.0.1:0',
  limits,
  config,
  caches = false,
  args = [],
  env = {},
  key = 'sk-test-secret',
  under = [],
  stderr = 'pipe',
} = {}) {
  const configured = provider ? { OPENAI_BASE_URL: provider.baseUrl, OPENAI_API_KEY: key } : {};
  const cache = caches ? {} : { cache: { keep: 0 } };
  const settings = { ...config, limits: { ...cache, ...config?.limits, ...limits } };
  const file = args.includes('--config') ? undefined : configFile(settings);
  const given = file ? ['--config', file.path, ...args] : args;
  const [command, ...words] = [...under, join(binaries, 'weir-edge'), '--listen', listen, ...given];
  const child = spawn(command, words, {
    env: { ...cleanEnvironment(), ...configured, ...env },
    stdio: ['ignore', 'pipe', stderr],
  });
  const edge = new Edge(child);
  await edge.ready.finally(() => file?.remove());
  return edge;
}

function configFile(content) {
  const folder = mkdtempSync(join(tmpdir(), 'weir-edge-'));
  const path = join(folder, 'config.json');
  writeFileSync(path, JSON.stringify(content));
  return { path, remove: () => rmSync(folder, { recursive: true }) };
}

class Edge {
  constructor(child) {
    this.child = child;
    this.stdout = '';
    this.stderr = '';
    this.exited = new Promise((done) => child.on('exit', (code, signal) => done(signal ?? code)));
    this.ready = new Promise((done, failed) => {
      child.stdout.setEncoding('utf8').on('data', (text) => {
        this.stdout += text;
        const found = /^listening on (http:\/\/\S+)$/m.exec(this.stdout);
        if (found) done((this.url = found[1]));
      });
      child.on('error', failed);
      void this.exited.then((how) => failed(new Error(`weir-edge ended (${how}): ${this.stderr}`)));
    });
    child.stderr?.setEncoding('utf8').on('data', (text) => (this.stderr += text));
  }

  get port() {
    return Number(new URL(this.url).port);
  }

  get host() {
    return new URL(this.url).host;
  }

  signal(name) {
    this.child.kill(name);
  }

  async metrics() {
    const all = await text(await send(`${this.url}/metrics`));
    return Object.fromEntries(
      [...all.matchAll(/^weir_(\w+) (\d+)$/gm)].map(([, name, value]) => [name, Number(value)]),
    );
  }

  /** Stops it and gives its exit status; running answers are not waited for. */
  async stop() {
    if (this.child.exitCode === null) {
      this.child.kill('SIGTERM');
      this.child.kill('SIGTERM');
      const killer = setTimeout(() => this.child.kill('SIGKILL'), 10_000);
      await this.exited;
      clearTimeout(killer);
    }
    return this.exited;
  }
}
