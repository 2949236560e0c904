/** weir.wasm's functions with types (wasm/engine/*.cpp say what each does). */
import type {
  AnswerEvent,
  ConnectionFigures,
  ConnectionStatus,
  Hit,
  ModelInfo,
  Plan,
  Providers,
  SourceText,
} from './api.js';
import { type BoundaryExports, Memory } from './memory.js';
import type { Query } from './search-engine.js';

type Handle = number;
type Pointer = number;
type Size = number;

interface EngineExports extends BoundaryExports {
  weir_encoding_open(vocabulary: Pointer, size: Size): Handle;
  weir_encoding_close(encoding: Handle): void;
  weir_offline_providers(): void;
  weir_choose_model(...places: number[]): void;
  weir_plan(encoding: Handle, ...places: number[]): void;
  weir_is_searched(encoding: Handle, question: Pointer, size: Size): number;
  weir_client_open(options: Pointer, size: Size): void;
  weir_client_handle(client: Handle, now: number, ...places: number[]): void;
  weir_client_poll(client: Handle): void;
  weir_client_deadline(client: Handle): number;
  weir_client_figures(client: Handle): void;
  weir_client_close(client: Handle): void;
}

export type ChosenModel = ModelInfo & { provider: string };

/** Whom something is searched for. */
export interface FindNames {
  run?: number;
  research?: number;
}

/** What was found: `file` is the one that the ask is about. */
export interface FoundHere {
  hits: Hit[];
  file?: SourceText;
}

export interface AskNames {
  ref: number;
  key: string;
  again: boolean;
  answer: string;
}

/** What the client machine is told (wasm/engine/client_calls.cpp). */
export type ClientInput =
  | ({ type: 'ask' } & AskNames)
  | { type: 'research'; turns: AskNames[]; searched: boolean; question_searched: boolean }
  /** Answers `find`; its payload is FoundHere as JSON, or nothing. */
  | ({ type: 'found' } & FindNames)
  | { type: 'follow'; ref: number; answer: string; after: number; key?: string | undefined }
  | { type: 'cancel'; ref: number }
  | { type: 'connect' }
  | { type: 'woken' }
  | { type: 'network_changed'; online: boolean }
  | { type: 'http_answered' }
  | { type: 'encoding_loaded'; encoding: Handle }
  | { type: 'socket_opened'; socket: number }
  | { type: 'socket_text'; socket: number }
  | { type: 'socket_closed'; socket: number }
  | { type: 'http_head'; exchange: number; status: number; answer: string }
  | { type: 'http_bytes'; exchange: number }
  | { type: 'http_ended'; exchange: number; clean: boolean }
  | { type: 'tick' };

/** What it wants done. */
export type ClientAction =
  | { type: 'open_socket'; socket: number }
  | { type: 'send_text'; socket: number; text: string }
  | { type: 'close_socket'; socket: number }
  | {
      type: 'open_http';
      exchange: number;
      method: string;
      path: string;
      headers: Record<string, string>;
      body: string;
    }
  | { type: 'abort_http'; exchange: number }
  | { type: 'event'; ref: number; last: boolean; local: boolean; event: AnswerEvent }
  | ({ type: 'find'; repository: string; queries: Query[]; file: string } & FindNames)
  | { type: 'load_encoding' }
  | { type: 'status'; status: ConnectionStatus };

const NOTHING = new Uint8Array();

export class Engine {
  readonly #exports: EngineExports;
  readonly #memory: Memory;

  constructor(exports: BoundaryExports) {
    this.#exports = exports as EngineExports;
    this.#memory = new Memory(exports);
  }

  /** How many handles are open, of all kinds. */
  liveHandles(): number {
    return this.#memory.liveHandles();
  }

  // -- encodings

  openEncoding(vocabulary: Uint8Array): Handle {
    const handle = this.#memory.pass([vocabulary], this.#exports.weir_encoding_open);
    if (handle === 0) this.#memory.text(); // throws why
    return handle;
  }

  closeEncoding(encoding: Handle): void {
    this.#exports.weir_encoding_close(encoding);
  }

  // -- planning

  offlineProviders(): Providers {
    this.#memory.guard(() => this.#exports.weir_offline_providers());
    return this.#memory.json<Providers>();
  }

  chooseModel(provider: string, model: string, listing: Providers): ChosenModel {
    this.#memory.pass([provider, model, JSON.stringify(listing)], this.#exports.weir_choose_model);
    return this.#memory.json<ChosenModel>();
  }

  plan(encoding: Handle, request: string, model: ChosenModel): Plan {
    this.#memory.pass([request, JSON.stringify(model)], (...places) =>
      this.#exports.weir_plan(encoding, ...places),
    );
    return this.#memory.json<Plan>();
  }

  /** Without an encoding (0) undefined where only a count can tell. */
  isSearched(question: string, encoding: Handle): boolean | undefined {
    const answer = this.#memory.pass([question], (at, size) =>
      this.#exports.weir_is_searched(encoding, at!, size!),
    );
    return answer === 2 ? undefined : answer === 1;
  }

  // -- the client

  openClient(options: { edge: boolean; seed: number }): Handle {
    this.#memory.pass([JSON.stringify(options)], this.#exports.weir_client_open);
    return this.#memory.json<{ client: Handle }>().client;
  }

  /** `payload` belongs to the input: an ask's request, a socket's text, a response's bytes. */
  clientHandle(
    client: Handle,
    now: number,
    input: ClientInput,
    payload: string | Uint8Array = NOTHING,
  ): void {
    this.#memory.pass([JSON.stringify(input), payload], (...places) =>
      this.#exports.weir_client_handle(client, now, ...places),
    );
    this.#memory.text();
  }

  clientPoll(client: Handle): ClientAction | undefined {
    this.#memory.guard(() => this.#exports.weir_client_poll(client));
    const action = this.#memory.text();
    return action ? (JSON.parse(action) as ClientAction) : undefined;
  }

  clientDeadline(client: Handle): number {
    return this.#memory.guard(() => this.#exports.weir_client_deadline(client));
  }

  clientFigures(client: Handle): ConnectionFigures {
    this.#memory.guard(() => this.#exports.weir_client_figures(client));
    return this.#memory.json<ConnectionFigures>();
  }

  closeClient(client: Handle): void {
    this.#exports.weir_client_close(client);
  }
}
