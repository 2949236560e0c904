import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Locator, type Page, expect, test as base } from '@playwright/test';

import { CuttingProxy } from './cutting-proxy.ts';
import { StaticSite } from './static-site.ts';
import { binaries, startEdge as start } from '../../support/edge.mjs';
import { startProvider } from '../../support/fake-provider.mjs';

const here = dirname(fileURLToPath(import.meta.url));
export const site = join(here, '../../../dist/site');
export const repository = join(here, '../repository');

export interface Edge {
  readonly url: string;
  readonly port: number;
  readonly exited: Promise<unknown>;
  signal(name: 'SIGHUP' | 'SIGKILL' | 'SIGTERM'): void;
  stop(): Promise<unknown>;
}

export interface Call {
  readonly json: { messages: { role: string; content: string }[] };
  readonly closed: Promise<unknown>;
}

export interface Provider {
  /** What becomes of a call; see tests/support/fake-provider.mjs. */
  script: object | ((call: Call) => object);
  readonly calls: Call[];
  call(index: number): Promise<Call>;
  stop(): Promise<void>;
}

/** For a script: the provider stops after so many pieces until it is let go on. */
export function pause(pauseAt: number) {
  let letGoOn = () => undefined as void;
  const goOn = new Promise<void>((done) => (letGoOn = done));
  return { pauseAt, goOn, letGoOn };
}

interface EdgeOptions {
  provider?: Provider;
  /** A config file's content. */
  config?: object;
  caches?: boolean;
  args?: string[];
  listen?: string;
}

function startEdge(options: EdgeOptions): Promise<Edge> {
  return (start as unknown as (options: EdgeOptions) => Promise<Edge>)(options);
}

/** Makes a pack of a folder. */
export function indexFolder(folder: string, pack: string): void {
  execFileSync(join(binaries, 'weir'), ['index', folder, '-o', pack], { stdio: 'pipe' });
}

/** What must not happen on any page of ours. */
export class Guard {
  readonly dialogs: string[] = [];
  readonly violations: string[] = [];
  readonly requests: string[] = [];

  watch(page: Page): void {
    page.on('dialog', (dialog) => {
      this.dialogs.push(dialog.message());
      void dialog.dismiss();
    });
    page.on('pageerror', (error) => this.violations.push(String(error)));
    page.on('console', (message) => {
      if (/Content.Security.Policy|TrustedHTML|TrustedScript/i.test(message.text())) {
        this.violations.push(message.text());
      }
    });
    page.context().on('request', (request) => this.requests.push(request.url()));
  }

  /** Requests to other origins than these. */
  foreign(...own: string[]): string[] {
    const origins = own.map((url) => new URL(url).origin);
    return this.requests.filter(
      (url) => /^(?:http|ws)/.test(url) && !origins.includes(new URL(url).origin),
    );
  }
}

interface Fixtures {
  provider: Provider;
  /** An edge that serves the site and the repository's pack, and asks the provider. */
  edge: Edge;
  guard: Guard;
  /** Starts what a test needs beside that; all of it ends with the test. */
  start: Start;
}

export interface Start {
  edge(options: EdgeOptions): Promise<Edge>;
  proxy(edge: Edge): Promise<CuttingProxy>;
  plainSite(base: string, beside?: Record<string, string | Buffer>): Promise<StaticSite>;
}

export const test = base.extend<Fixtures, { packs: string }>({
  packs: [
    async ({}, use) => {
      const folder = mkdtempSync(join(tmpdir(), 'weir-browser-'));
      indexFolder(repository, join(folder, 'harbour.weir'));
      await use(folder);
      rmSync(folder, { recursive: true });
    },
    { scope: 'worker' },
  ],
  provider: async ({}, use) => {
    const provider = (await startProvider()) as unknown as Provider;
    await use(provider);
    await provider.stop();
  },
  edge: async ({ provider, packs }, use) => {
    const edge = await startEdge({ provider, args: ['--site', site, '--packs', packs] });
    await use(edge);
    await edge.stop();
  },
  start: async ({}, use) => {
    const running: { stop(): Promise<unknown> }[] = [];
    const keep = <Server extends { stop(): Promise<unknown> }>(server: Server): Server => {
      running.push(server);
      return server;
    };
    await use({
      edge: async (options) => keep(await startEdge(options)),
      proxy: async (edge) => keep(await new CuttingProxy(edge.port).start()),
      plainSite: async (base, beside) => keep(await new StaticSite(site, base, beside).start()),
    });
    for (const server of running.reverse()) await server.stop();
  },
  guard: [
    async ({ page }, use) => {
      const guard = new Guard();
      guard.watch(page);
      await use(guard);
      expect(guard.dialogs).toEqual([]);
      expect(guard.violations).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

/** The parts of the page, by the names that people and tests know them by. */
export class WeirPage {
  readonly question: Locator;
  readonly askButton: Locator;
  readonly stopButton: Locator;
  readonly answer: Locator;
  readonly sources: Locator;
  readonly connection: Locator;
  readonly tokens: Locator;
  readonly file: Locator;
  readonly research: Locator;
  /** Of the newest question's research. */
  readonly stages: Locator;

  constructor(readonly page: Page) {
    this.question = page.getByRole('textbox', { name: 'Question' });
    this.askButton = page.getByRole('button', { name: 'Ask', exact: true });
    this.stopButton = page.getByRole('button', { name: 'Stop', exact: true });
    this.answer = page.getByRole('region', { name: 'Answer', exact: true });
    this.sources = page.getByRole('list', { name: 'Sources', exact: true });
    this.connection = page.getByRole('status', { name: 'Connection' });
    this.tokens = page.getByRole('meter', { name: 'Tokens' });
    this.file = page.getByRole('dialog');
    this.research = page.getByRole('checkbox', { name: 'Deep research' });
    this.stages = page.getByRole('navigation', { name: 'Research stages' }).last();
  }

  /** Opens the page and waits until there is a repository to ask about. */
  async open(url: string): Promise<void> {
    await this.page.goto(url);
    await this.ready();
  }

  async ready(): Promise<void> {
    await expect(this.page.getByText('What would you like to know')).toBeVisible();
  }

  async ask(question: string): Promise<void> {
    await this.question.fill(question);
    await this.question.press('Enter');
  }

  /** Waits for the answer's end. */
  async answered(): Promise<void> {
    await expect(this.answer).toHaveAttribute('aria-busy', 'false', { timeout: 20_000 });
  }

  stage(name: string): Locator {
    return this.stages.getByRole('button', { name });
  }

  text(): Locator {
    return this.answer.locator('.markdown');
  }
}
