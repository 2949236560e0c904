// A stand-in for the npm package: a page can be looked at without an edge or WebAssembly. Only for
// working on the page's looks (WEIR_PACKAGE=tests/browser/support/fake-weir node web/build.mjs).
const text = `import { Socket } from './socket.ts';

/** Tries WebSocket first, and HTTP where it does not get through. */
export class Transport {
  constructor(private readonly edge: URL) {}

  fallBack(reason: string): void {
    // The socket was refused: the same answer is followed over HTTP.
    this.#http = new EventStream(this.edge, reason);
  }
}
`;
const answer = `The client tries **WebSocket** first and falls back to HTTP when the upgrade is refused [1].

1. The socket is opened with the subprotocol \`weir.v1\` [1].
2. If it is refused, \`fallBack\` follows the same answer over HTTP [2, 3].

\`\`\`ts
fallBack(reason: string): void {
  // The same answer is followed over HTTP.
  this.#http = new EventStream(this.edge, reason);
}
\`\`\`

| Transport | Resumes | Since |
| --------- | ------- | ----: |
| WebSocket | yes     |     1 |
| HTTP      | yes     |     1 |

> Every event is seen once, in order [3].
`;
const paths = [
  'web/src/transport/transport.ts',
  'shared/weir/transport/client_machine.cpp',
  'ARCHITECTURE.md',
  'tests/simulation/network_test.cpp',
];
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const pack = {
  info: {
    repository: 'weir',
    commit: '4f0c2ab91',
    files: 214,
    chunks: 1830,
    text_bytes: 1_900_000,
    pack_bytes: 1_100_000,
  },
  async search(query) {
    const words = query
      .toLowerCase()
      .split(/\W+/)
      .filter((w) => w.length > 3);
    return paths.map((path, i) => {
      const matches = [];
      for (const word of words)
        for (
          let at = text.toLowerCase().indexOf(word);
          at >= 0;
          at = text.toLowerCase().indexOf(word, at + 1)
        )
          matches.push({ begin: at, end: at + word.length });
      matches.sort((a, b) => a.begin - b.begin);
      return {
        path,
        start_line: 1,
        end_line: 11,
        text,
        score: 9 - i,
        matches,
        symbol: i % 2 ? '' : 'Transport',
      };
    });
  },
  async paths() {
    return paths;
  },
  async file(path) {
    const whole = text.repeat(12);
    return { path, text: whole, lines: whole.split('\n').length - 1 };
  },
  close() {},
};
export function createWeir({ onStatus }) {
  setTimeout(() => onStatus?.('websocket'), 100);
  return {
    status: 'connecting',
    library: {
      async list() {
        return [{ id: 'k', repository: 'my-folder', bytes: 482000, saved_at: 1.7e12 }];
      },
      async open() {
        return pack;
      },
      async remove() {},
    },
    async openPack() {
      return pack;
    },
    async index(_source, { onProgress, signal }) {
      for (let files = 0; files < 400 && !signal.aborted; files += 20) {
        onProgress({
          files,
          total_files: 400,
          bytes: files * 9000,
          chunks: files * 7,
          skipped: {},
        });
        await wait(100);
      }
      return pack;
    },
    async providers() {
      return {
        default: { provider: 'extract', model: 'extract' },
        configured: false,
        providers: [
          {
            name: 'extract',
            models: [
              {
                id: 'extract',
                context_tokens: 128000,
                answer_tokens: 4096,
                encoding: 'o200k_base',
                exact: true,
              },
            ],
          },
        ],
      };
    },
    async plan({ messages, context }) {
      return {
        provider: 'extract',
        model: 'extract',
        prompt_tokens: 321 + messages.at(-1).content.length + 200 * context.length,
        context_tokens: 128000,
        answer_tokens: 4096,
        exact: true,
        kept: context,
        dropped: [],
        dropped_messages: 0,
      };
    },
    async *ask({ context }, { signal }) {
      yield {
        type: 'accepted',
        answer: '0',
        provider: 'openai',
        model: 'gpt-5',
        prompt_tokens: 1234,
        context_tokens: 128000,
        exact: true,
        kept: context.slice(0, 3),
        dropped: context.slice(3).map((p) => ({ ...p, why: 'no room' })),
        dropped_messages: 0,
      };
      yield { type: 'reasoning', text: 'The reader asks about transports.' };
      for (const part of answer.match(/[\s\S]{1,7}/g)) {
        if (signal.aborted)
          return yield {
            type: 'error',
            code: 'cancelled',
            message: 'Cancelled.',
            hint: '',
            provider: '',
            retryable: false,
          };
        await wait(8);
        yield { type: 'delta', text: part };
      }
      yield { type: 'usage', prompt: 1234, completion: 210 };
      yield { type: 'done', finish_reason: 'stop' };
    },
    dispose() {},
  };
}
