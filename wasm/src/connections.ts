/**
 * Carries out what the client machine wants: sockets, requests, timers. When to open, resume, fall
 * back or give up is the machine's to say, and it alone reads what comes.
 */
import type { AnswerEvent, ConnectionFigures, ConnectionStatus } from './api.js';
import type { AskNames, ClientAction, ClientInput, Engine, FoundHere } from './engine.js';
import { accessFrame, bearer } from './access.js';
import { errorEvent } from './errors.js';
import { keysOfTurns, randomId } from './ids.js';

type OpenHttp = Extract<ClientAction, { type: 'open_http' }>;
type Told = Extract<ClientAction, { type: 'event' }>;
/** What is to be searched for here. */
export type Find = Extract<ClientAction, { type: 'find' }>;
export type OnEvent = (event: AnswerEvent, last: boolean) => void;

/** An answer's id, and where to go on in it. */
export interface Place {
  answer: string;
  after: number;
  key?: string | undefined;
}

export interface ConnectionsOptions {
  /** With a slash at the end; null: every answer is composed in place. */
  edge: URL | null;
  onStatus(status: ConnectionStatus): void;
  /** A handle of an encoding, for counting prompts of local answers; rejects where none is had. */
  loadEncoding(): Promise<number>;
  /** Searches `pack`, or, where that is 0, the open pack of the repository; nothing: none is. */
  find(wanted: Find, pack: number): Promise<FoundHere | undefined>;
}

/** What a research's turns are searched for in. */
export interface Searched {
  /** By its handle; 0: whoever answers retrieves. */
  pack: number;
  /** False: not for the question itself, which is too long for that. */
  searched: boolean;
}

/** A research takes no more turns (limits::Research::turns). */
const TURNS = 5;

/** setTimeout takes no more; a longer wait is only cut into several. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The protocol leaves these out of errors where they are empty; readers need not ask. */
const EMPTY = { hint: '', provider: '' };

export class Connections {
  readonly #engine: Engine;
  readonly #options: ConnectionsOptions;
  readonly #client: number;
  readonly #sockets = new Map<number, WebSocket>();
  readonly #exchanges = new Map<number, AbortController>();
  readonly #answers = new Map<number, OnEvent>();
  /** What each research is searched for in. */
  readonly #packs = new Map<number, number>();
  #access = '';
  #lastRef = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(engine: Engine, options: ConnectionsOptions) {
    this.#engine = engine;
    this.#options = options;
    const seed = crypto.getRandomValues(new Uint32Array(1))[0]!;
    this.#client = engine.openClient({ edge: options.edge !== null, seed });
    this.#pump();
  }

  /** Opens the shared socket before the first question. */
  connect(): void {
    this.#tell({ type: 'connect' });
  }

  /** The edge has answered a request of the host's own. */
  httpAnswered(): void {
    this.#tell({ type: 'http_answered' });
  }

  /** What the edge is told of who asks, before the next question; empty: nothing. */
  setAccess(access: string): void {
    if (access === this.#access) return;
    this.#access = access;
    for (const socket of this.#sockets.values()) {
      if (socket.readyState === WebSocket.OPEN) socket.send(accessFrame(access));
    }
  }

  networkChanged(online: boolean): void {
    this.#tell({ type: 'network_changed', online });
  }

  /** The page is seen again, or thawed: what waits to try again need not. */
  woken(): void {
    this.#tell({ type: 'woken' });
  }

  figures(): ConnectionFigures {
    return this.#engine.clientFigures(this.#client);
  }

  /**
   * Asks; `onEvent` gets every event, synchronously from here on, until one is the last. A key of the
   * caller's own may have been used before; one that is drawn here was not.
   */
  ask(request: string, key: string | undefined, onEvent: OnEvent): number {
    const names = this.#newNames(key ?? randomId(), key !== undefined);
    this.#answers.set(names.ref, onEvent);
    this.#tell({ type: 'ask', ...names }, request);
    return names.ref;
  }

  /** The same in turns; all their events go to `onEvent`. */
  research(request: string, key: string | undefined, where: Searched, onEvent: OnEvent): number {
    const turns = keysOfTurns(key ?? randomId(), TURNS).map((each) =>
      this.#newNames(each, key !== undefined),
    );
    const { ref } = turns[0]!;
    this.#answers.set(ref, onEvent);
    this.#packs.set(ref, where.pack);
    const searched = where.pack !== 0;
    this.#tell({ type: 'research', turns, searched, question_searched: where.searched }, request);
    return ref;
  }

  /** Reads a known answer; `onEvent` as for an ask. */
  follow(place: Place, onEvent: OnEvent): number {
    const ref = ++this.#lastRef;
    this.#answers.set(ref, onEvent);
    this.#tell({ type: 'follow', ref, ...place });
    return ref;
  }

  #newNames(key: string, again: boolean): AskNames {
    return { ref: ++this.#lastRef, key, again, answer: randomId() };
  }

  /** The answer's last event is still to come. */
  cancel(ref: number): void {
    this.#tell({ type: 'cancel', ref });
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    for (const socket of this.#sockets.values()) socket.close();
    for (const exchange of this.#exchanges.values()) exchange.abort();
    this.#engine.closeClient(this.#client);
  }

  #tell(input: ClientInput, payload?: string | Uint8Array): void {
    if (this.#closed) return;
    try {
      this.#engine.clientHandle(this.#client, performance.now(), input, payload);
      this.#pump();
    } catch (error) {
      this.#breakOff(error);
    }
  }

  /** The engine has failed: nothing more will come of any answer. */
  #breakOff(error: unknown): void {
    this.close();
    for (const onEvent of this.#answers.values()) onEvent(errorEvent(error), true);
    this.#answers.clear();
  }

  #pump(): void {
    for (;;) {
      const action = this.#engine.clientPoll(this.#client);
      if (!action) break;
      this.#carryOut(action);
      if (this.#closed) return;
    }
    clearTimeout(this.#timer);
    const deadline = this.#engine.clientDeadline(this.#client);
    if (deadline === Infinity) return;
    const wait = Math.min(Math.max(deadline - performance.now(), 0), LONGEST_TIMER_MS);
    this.#timer = setTimeout(() => this.#tell({ type: 'tick' }), wait);
  }

  #carryOut(action: ClientAction): void {
    switch (action.type) {
      case 'open_socket':
        return this.#openSocket(action.socket);
      case 'send_text':
        return this.#sockets.get(action.socket)?.send(action.text);
      case 'close_socket':
        return this.#closeSocket(action.socket);
      case 'open_http':
        return void this.#exchange(action);
      case 'abort_http':
        return this.#exchanges.get(action.exchange)?.abort();
      case 'load_encoding':
        return void this.#loadEncoding();
      case 'find':
        return void this.#find(action);
      case 'status':
        return this.#options.onStatus(action.status);
      case 'event':
        return this.#deliver(action);
    }
  }

  #deliver({ ref, event, last, local }: Told): void {
    const onEvent = this.#answers.get(ref);
    if (last) this.#answers.delete(ref);
    if (last) this.#packs.delete(ref);
    if (event.type === 'error') onEvent?.({ ...EMPTY, ...event }, last);
    else if (event.type === 'accepted' && local) onEvent?.({ ...event, local }, last);
    else onEvent?.(event, last);
  }

  async #find(wanted: Find): Promise<void> {
    const { run, research } = wanted;
    const pack = research === undefined ? 0 : (this.#packs.get(research) ?? 0);
    const found = await this.#options.find(wanted, pack).catch(() => undefined);
    const names = research === undefined ? { run: run! } : { research };
    this.#tell({ type: 'found', ...names }, found ? JSON.stringify(found) : '');
  }

  async #loadEncoding(): Promise<void> {
    const encoding = await this.#options.loadEncoding().catch(() => 0);
    this.#tell({ type: 'encoding_loaded', encoding });
  }

  #openSocket(id: number): void {
    const socket = this.#newSocket();
    if (!socket) return queueMicrotask(() => this.#tell({ type: 'socket_closed', socket: id }));
    this.#sockets.set(id, socket);
    socket.onopen = () => {
      if (this.#access !== '') socket.send(accessFrame(this.#access));
      this.#tell({ type: 'socket_opened', socket: id });
    };
    socket.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (typeof data === 'string') this.#tell({ type: 'socket_text', socket: id }, data);
    };
    socket.onclose = () => {
      this.#sockets.delete(id);
      this.#tell({ type: 'socket_closed', socket: id });
    };
  }

  /** Nothing where there are no WebSockets (Node 20) or a policy forbids this one. */
  #newSocket(): WebSocket | undefined {
    if (typeof WebSocket !== 'function') return undefined;
    const address = new URL('v1/socket', this.#options.edge!);
    address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
    try {
      return new WebSocket(address, 'weir.v1');
    } catch {
      return undefined;
    }
  }

  #closeSocket(id: number): void {
    const socket = this.#sockets.get(id);
    if (!socket) return;
    this.#sockets.delete(id);
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  async #exchange({ exchange, method, path, headers, body }: OpenHttp): Promise<void> {
    const controller = new AbortController();
    this.#exchanges.set(exchange, controller);
    let clean = false;
    try {
      const response = await fetch(new URL(path.replace(/^\//, ''), this.#options.edge!), {
        method,
        headers: { ...headers, ...bearer(this.#access) },
        body: body === '' ? null : body,
        signal: controller.signal,
        // It would make the browser ask for an answer of its own, with Cache-Control: no-cache.
        cache: method === 'GET' ? 'no-store' : 'default',
      });
      const answer = response.headers.get('Weir-Answer') ?? '';
      this.#tell({ type: 'http_head', exchange, status: response.status, answer });
      await this.#readBody(exchange, response);
      clean = true;
    } catch {
      // Refused, cut or aborted: a page is not told which, and the machine need not know.
    }
    this.#exchanges.delete(exchange);
    this.#tell({ type: 'http_ended', exchange, clean });
  }

  async #readBody(exchange: number, response: Response): Promise<void> {
    const reader = response.body?.getReader();
    for (;;) {
      const read = await reader?.read();
      if (!read || read.done) return;
      this.#tell({ type: 'http_bytes', exchange }, read.value);
    }
  }
}
