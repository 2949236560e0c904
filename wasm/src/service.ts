/** What a worker does for its page, or the package in place for a Node program. */
import type {
  ConnectionStatus,
  EncodingName,
  Plan,
  Providers,
  SourceFile,
  SourceText,
} from './api.js';
import { Connections, type OnEvent } from './connections.js';
import { type ChosenModel, Engine, type IndexSettings } from './engine.js';
import { failure, throwIfAborted } from './errors.js';
import { admittedFiles, readAhead } from './files.js';
import { Intake } from './intake.js';
import { keep, keptBytes, keptPacks, removeKept } from './library.js';
import { type ReadFile, load } from './load.js';
import type { BoundaryExports } from './memory.js';
import { type ReadAsset, instantiate } from './module.js';
import type { CallContext, Calls, Handlers, OpenedPack, StartOptions } from './protocol.js';

export interface ServiceHost {
  assets(base: URL): ReadAsset;
  readFile?: ReadFile;
  onStatus(status: ConnectionStatus): void;
}

const PROGRESS_MS = 100;
/** After this long without a pause, messages (a cancel among them) get their turn. */
const BREATH_MS = 32;
const PROVIDERS_MS = 5000;

type Argument<Name extends keyof Calls> = Calls[Name]['argument'];

export class Service implements Handlers {
  readonly #host: ServiceHost;
  #engine!: Engine;
  #connections!: Connections;
  #asset!: ReadAsset;
  #edge: URL | null = null;
  #listing: { providers: Providers; fromEdge: boolean } | undefined;
  readonly #encodings = new Map<EncodingName, Promise<number>>();

  constructor(host: ServiceHost) {
    this.#host = host;
  }

  async start({ edge, assets }: StartOptions): Promise<void> {
    this.#asset = this.#host.assets(new URL(assets));
    this.#edge = edge === null ? null : new URL(edge);
    this.#engine = new Engine(await instantiate<BoundaryExports>(this.#asset, 'weir.wasm'));
    this.#connections = new Connections(this.#engine, {
      edge: this.#edge,
      onStatus: (status) => this.#onStatus(status),
      loadEncoding: () => this.#encoding(this.#localEncoding()),
    });
    // Without WebSockets there is nothing to open beforehand.
    if (this.#edge && typeof WebSocket === 'function') this.#connections.connect();
  }

  /** Closes what the engine has open but packs, which are their owner's. */
  async close(): Promise<void> {
    this.#connections?.close();
    for (const loading of this.#encodings.values()) {
      await loading.then((encoding) => this.#engine.closeEncoding(encoding)).catch(() => undefined);
    }
    this.#encodings.clear();
  }

  /** Handles that the engine has open: zero after everything was closed. */
  liveHandles(): number {
    return this.#engine.liveHandles();
  }

  // -- packs

  async openPack(
    source: Argument<'openPack'>,
    { signal, progress }: CallContext<'openPack'>,
  ): Promise<OpenedPack> {
    return this.#engine.openPack(await load(source, signal, progress, this.#host.readFile));
  }

  async search({ packs, query, options }: Argument<'search'>) {
    const { limit, include, exclude, preferPath } = options;
    return this.#engine.search({
      packs,
      text: query,
      limit,
      include,
      exclude,
      prefer_path: preferPath,
    });
  }

  async paths({ pack }: Argument<'paths'>): Promise<string[]> {
    return this.#engine.paths(pack);
  }

  async file({ pack, path }: Argument<'file'>): Promise<SourceText> {
    return this.#engine.file(pack, path);
  }

  async closePack({ pack }: Argument<'closePack'>): Promise<void> {
    this.#engine.closePack(pack);
  }

  async keptPacks() {
    return keptPacks();
  }

  async openKept({ id }: Argument<'openKept'>): Promise<OpenedPack> {
    return this.#engine.openPack(await keptBytes(id));
  }

  async removeKept({ id }: Argument<'removeKept'>): Promise<void> {
    await removeKept(id);
  }

  // -- indexing

  async index(
    { source, options }: Argument<'index'>,
    context: CallContext<'index'>,
  ): Promise<OpenedPack> {
    const { repository, include, exclude } = options;
    const settings: IndexSettings = { repository, include, exclude };
    const index = this.#engine.openIndex(settings);
    try {
      const intake = new Intake(this.#engine, index);
      await this.#takeIn(admittedFiles(source, intake, context.signal), intake, context);
      const report = intake.report();
      const opened = { ...this.#engine.finishIndex(index), report };
      if (options.keep) await this.#keep(repository, opened.pack);
      return opened;
    } finally {
      this.#engine.closeIndex(index);
    }
  }

  async #takeIn(
    files: AsyncIterable<SourceFile>,
    intake: Intake,
    { signal, progress }: CallContext<'index'>,
  ): Promise<void> {
    const report = () => progress(intake.progress());
    const pace = new Pace(report);
    for await (const { path, size, bytes } of readAhead(files, signal)) {
      const content = await bytes;
      if (content) intake.add(path, content);
      else intake.leaveOut(path, size, 'unreadable');
      await pace.step();
      throwIfAborted(signal);
    }
    report();
  }

  async #keep(repository: string, pack: number): Promise<void> {
    try {
      await keep(repository, this.#engine.packBytes(pack));
    } catch (error) {
      this.#engine.closePack(pack);
      throw error;
    }
  }

  // -- asking

  async providers(): Promise<Providers> {
    const listed = await this.#listedByEdge();
    this.#listing = {
      providers: listed ?? this.#engine.offlineProviders(),
      fromEdge: listed !== undefined,
    };
    return this.#listing.providers;
  }

  async plan({ request, provider, model }: Argument<'plan'>): Promise<Plan> {
    const chosen = await this.#chooseModel(provider, model);
    return this.#engine.plan(await this.#encoding(chosen.encoding), request, chosen);
  }

  /** Only what may be too long is counted: a vocabulary is slow to fetch. */
  async isSearched({ question, provider, model }: Argument<'isSearched'>): Promise<boolean> {
    const known = this.#engine.isSearched(question, 0);
    if (known !== undefined) return known;
    const { encoding } = await this.#chooseModel(provider, model);
    return this.#engine.isSearched(question, await this.#encoding(encoding)) ?? true;
  }

  async #chooseModel(provider: string, model: string): Promise<ChosenModel> {
    const listing = this.#listing?.providers ?? (await this.providers());
    return this.#engine.chooseModel(provider, model, listing);
  }

  ask({ request, key }: Argument<'ask'>, context: CallContext<'ask'>): Promise<void> {
    return this.#read(context, (onEvent) => this.#connections.ask(request, key, onEvent));
  }

  async research(
    { request, key, pack, asked }: Argument<'research'>,
    context: CallContext<'research'>,
  ): Promise<void> {
    const searched = pack === 0 || (await this.isSearched(asked).catch(() => true));
    const where = { pack, searched };
    return this.#read(context, (onEvent) =>
      this.#connections.research(request, key, where, onEvent),
    );
  }

  follow(place: Argument<'follow'>, context: CallContext<'follow'>): Promise<void> {
    return this.#read(context, (onEvent) => this.#connections.follow(place, onEvent));
  }

  async connection() {
    return this.#connections.figures();
  }

  async pageNews(news: Argument<'pageNews'>): Promise<void> {
    if (news === 'awake') this.#connections?.woken();
    else this.#connections?.networkChanged(news === 'online');
  }

  /** Until the answer's last event; aborting is a Stop. */
  #read(
    { signal, progress }: CallContext<'ask' | 'research' | 'follow'>,
    begin: (onEvent: OnEvent) => number,
  ): Promise<void> {
    return new Promise((resolve) => {
      // An answer can end before `begin` has returned: cancelling it then has nothing to name.
      let ref = 0;
      const cancel = () => this.#connections.cancel(ref);
      signal.addEventListener('abort', cancel);
      ref = begin((event, last) => {
        progress(event);
        if (!last) return;
        signal.removeEventListener('abort', cancel);
        resolve();
      });
      if (signal.aborted) cancel();
    });
  }

  async #listedByEdge(): Promise<Providers | undefined> {
    if (!this.#edge) return undefined;
    try {
      const signal = AbortSignal.timeout(PROVIDERS_MS);
      const response = await fetch(new URL('v1/providers', this.#edge), { signal });
      if (response.ok) this.#connections.httpAnswered();
      return response.ok ? ((await response.json()) as Providers) : undefined;
    } catch {
      return undefined;
    }
  }

  #onStatus(status: ConnectionStatus): void {
    // An edge that is back may offer more than what was listed without it.
    if (status !== 'offline' && this.#listing?.fromEdge === false) this.#listing = undefined;
    this.#host.onStatus(status);
  }

  /** What prompts are counted with where no edge counts them: the same as the plan says. */
  #localEncoding(): EncodingName {
    return this.#engine.chooseModel('', '', this.#engine.offlineProviders()).encoding;
  }

  /** Each vocabulary is fetched when it is first needed, once. */
  #encoding(name: EncodingName): Promise<number> {
    const known = this.#encodings.get(name);
    if (known) return known;
    const loading = this.#asset(`${name}.bin`).then((bytes) => this.#engine.openEncoding(bytes));
    this.#encodings.set(name, loading);
    loading.catch(() => this.#encodings.delete(name));
    return loading;
  }
}

/** Reports now and then, and lets messages in between. */
class Pace {
  readonly #report: () => void;
  #reported = performance.now();
  #breathed = performance.now();

  constructor(report: () => void) {
    this.#report = report;
  }

  async step(): Promise<void> {
    const now = performance.now();
    if (now - this.#reported >= PROGRESS_MS) {
      this.#reported = now;
      this.#report();
    }
    if (now - this.#breathed < BREATH_MS) return;
    await new Promise((resolve) => setTimeout(resolve, 0));
    this.#breathed = performance.now();
  }
}

/** What a call with an unknown name gets. */
export function unknownCall(name: string): Error {
  return failure('internal', `There is no call ${name}.`, 'Load page and worker of one version.');
}
