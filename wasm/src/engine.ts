/** weir.wasm's functions with types (wasm/engine/*.cpp say what each does). */
import type {
  AnswerEvent,
  ConnectionFigures,
  ConnectionStatus,
  Hit,
  IndexProgress,
  IndexReport,
  ModelInfo,
  Plan,
  Providers,
  SourceText,
} from './api.js';
import { type BoundaryExports, Memory } from './memory.js';
import type { OpenedPack } from './protocol.js';

type Handle = number;
type Pointer = number;
type Size = number;

interface EngineExports extends BoundaryExports {
  weir_encoding_open(vocabulary: Pointer, size: Size): Handle;
  weir_encoding_close(encoding: Handle): void;
  weir_pack_open(bytes: Pointer, size: Size): void;
  weir_pack_bytes(pack: Handle): void;
  weir_search(query: Pointer, size: Size): void;
  weir_pack_paths(pack: Handle): void;
  weir_pack_file(pack: Handle, path: Pointer, size: Size): void;
  weir_pack_close(pack: Handle): void;
  weir_index_open(options: Pointer, size: Size): void;
  weir_index_admits(index: Handle, path: Pointer, pathSize: Size, size: number): number;
  weir_index_add(index: Handle, path: Pointer, pathSize: Size, bytes: Pointer, size: Size): number;
  weir_index_name_commit(index: Handle, commit: Pointer, size: Size): void;
  weir_index_ignore(index: Handle, ...places: number[]): void;
  weir_index_enters(index: Handle, folder: Pointer, size: Size): number;
  weir_index_leave_out(index: Handle, size: number, ...places: number[]): void;
  weir_index_progress(index: Handle): void;
  weir_index_report(index: Handle): void;
  weir_index_finish(index: Handle): void;
  weir_index_close(index: Handle): void;
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

export interface Query {
  packs: Handle[];
  text: string;
  limit?: number | undefined;
  include?: string[] | undefined;
  exclude?: string[] | undefined;
  prefer_path?: string | undefined;
}

export interface IndexSettings {
  repository: string;
  include?: string[] | undefined;
  exclude?: string[] | undefined;
}

/** What only a host can find of a file. */
export type WhyLeftOut = 'link' | 'encrypted' | 'too_large' | 'unreadable';

export type ChosenModel = ModelInfo & { provider: string };

export interface AskNames {
  ref: number;
  key: string;
  again: boolean;
  answer: string;
}

/** What the client machine is told (wasm/engine/client_calls.cpp). */
export type ClientInput =
  | ({ type: 'ask' } & AskNames)
  | { type: 'research'; turns: AskNames[]; pack: Handle; searched: boolean }
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

  // -- packs

  openPack(bytes: Uint8Array): OpenedPack {
    this.#memory.give(bytes, this.#exports.weir_pack_open);
    return this.#memory.json<OpenedPack>();
  }

  packBytes(pack: Handle): Uint8Array<ArrayBuffer> {
    this.#memory.guard(() => this.#exports.weir_pack_bytes(pack));
    return this.#memory.bytes();
  }

  search(query: Query): Hit[] {
    this.#memory.pass([JSON.stringify(query)], this.#exports.weir_search);
    return this.#memory.json<Hit[]>();
  }

  paths(pack: Handle): string[] {
    this.#memory.guard(() => this.#exports.weir_pack_paths(pack));
    return this.#memory.json<string[]>();
  }

  file(pack: Handle, path: string): SourceText {
    this.#memory.pass([path], (at, size) => this.#exports.weir_pack_file(pack, at!, size!));
    return this.#memory.json<SourceText>();
  }

  closePack(pack: Handle): void {
    this.#exports.weir_pack_close(pack);
  }

  // -- indexing

  openIndex(settings: IndexSettings): Handle {
    this.#memory.pass([JSON.stringify(settings)], this.#exports.weir_index_open);
    return this.#memory.json<{ index: Handle }>().index;
  }

  nameCommit(index: Handle, commit: string): void {
    this.#memory.pass([commit], (at, size) =>
      this.#exports.weir_index_name_commit(index, at!, size!),
    );
  }

  /** The text of the .gitignore that lies in a folder, before what it speaks of. */
  ignore(index: Handle, folder: string, text: Uint8Array): void {
    this.#memory.pass([folder, text], (...places) =>
      this.#exports.weir_index_ignore(index, ...places),
    );
  }

  /** False: a folder not to walk into. */
  enters(index: Handle, folder: string): boolean {
    return this.#memory.pass(
      [folder],
      (at, size) => this.#exports.weir_index_enters(index, at!, size!) !== 0,
    );
  }

  /** False: a file not to read. */
  admits(index: Handle, path: string, bytes: number): boolean {
    return this.#memory.pass(
      [path],
      (at, size) => this.#exports.weir_index_admits(index, at!, size!, bytes) !== 0,
    );
  }

  /** False: left out after all. */
  add(index: Handle, path: string, bytes: Uint8Array): boolean {
    return this.#memory.pass(
      [path, bytes],
      (at, size, content, contentSize) =>
        this.#exports.weir_index_add(index, at!, size!, content!, contentSize!) !== 0,
    );
  }

  leaveOut(index: Handle, path: string, bytes: number, why: WhyLeftOut): void {
    this.#memory.pass([path, why], (...places) =>
      this.#exports.weir_index_leave_out(index, bytes, ...places),
    );
  }

  indexProgress(index: Handle): IndexProgress {
    this.#memory.guard(() => this.#exports.weir_index_progress(index));
    return this.#memory.json<IndexProgress>();
  }

  indexReport(index: Handle): IndexReport {
    this.#memory.guard(() => this.#exports.weir_index_report(index));
    return this.#memory.json<IndexReport>();
  }

  finishIndex(index: Handle): OpenedPack {
    this.#memory.guard(() => this.#exports.weir_index_finish(index));
    return this.#memory.json<OpenedPack>();
  }

  closeIndex(index: Handle): void {
    this.#exports.weir_index_close(index);
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
