/** A repository by its address: the edge streams its forge's archive, which is indexed as it comes. */
import { bearer } from './access.js';
import type { ErrorCode, SourceFile } from './api.js';
import { failure, throwIfAborted } from './errors.js';
import type { Intake } from './intake.js';
import type { IndexSource } from './protocol.js';
import { tarEntries } from './tar-archive.js';

type RepositorySource = Extract<IndexSource, { kind: 'repository' }>;

export async function* repositoryFiles(
  { address: { url, ref = '', token = '' }, access }: RepositorySource,
  edge: URL | null,
  intake: Intake,
  signal: AbortSignal,
): AsyncGenerator<SourceFile> {
  if (!edge) {
    throw failure(
      'not_found',
      'Without an edge no repository can be fetched.',
      'Index a folder or an archive of it.',
    );
  }
  const headers = new Headers({ 'content-type': 'application/json', ...bearer(access) });
  // In a header: addresses are logged, and remembered by browsers.
  if (token) headers.set('weir-forge-token', token);
  const route = new URL('v1/repositories/archive', edge);
  const response = await ask(route, headers, { url, ref }, signal);
  intake.nameRepository(response.headers.get('weir-repository') ?? url);
  const expected = Number(response.headers.get('weir-archive-bytes'));
  let received = 0;
  if (expected > 0) intake.done = () => received / expected;
  const archive = arriving(response, (bytes) => (received += bytes));
  let timed = false;
  for await (const { path: whole, size, kind, commit, time, bytes } of tarEntries(
    archive,
    true,
    signal,
  )) {
    if (commit) intake.nameCommit(commit);
    // A forge's archive is git's: all in it is as old as the commit.
    if (time && !timed) intake.nameTime(time);
    timed = true;
    if (kind === 'folder') continue;
    // Forges put everything into one folder.
    const path = whole.slice(whole.indexOf('/') + 1);
    if (kind === 'other') intake.leaveOut(path, size, 'link');
    else if (intake.admits(path, size)) {
      const content = await bytes();
      yield { path, size, bytes: async () => content };
    }
  }
}

async function ask(
  address: URL,
  headers: Headers,
  query: { url: string; ref: string },
  signal: AbortSignal,
): Promise<Response> {
  const body = JSON.stringify(query);
  let response: Response;
  try {
    response = await fetch(address, { method: 'POST', headers, body, signal, cache: 'no-store' });
  } catch (cause) {
    throwIfAborted(signal);
    throw failure(
      'provider_unreachable',
      'The edge, which fetches repositories, does not answer.',
      'Try again when it is back, or index a folder or an archive.',
      cause,
    );
  }
  if (!response.ok) throw await refusal(response);
  return response;
}

async function refusal(response: Response): Promise<Error> {
  const said = (await response.json().catch(() => ({}))) as {
    error?: { code?: ErrorCode; message?: string; hint?: string };
  };
  const { code = 'internal', message, hint } = said.error ?? {};
  return failure(code, message ?? `The edge answers ${response.status}.`, hint);
}

/** The response's body; one that is cut says so. */
function arriving(
  response: Response,
  onBytes: (bytes: number) => void,
): ReadableStream<Uint8Array> {
  const reader = response.body!.getReader();
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (done) return controller.close();
        onBytes(value.length);
        controller.enqueue(value);
      } catch (cause) {
        controller.error(
          failure(
            'provider_cut',
            'The archive broke off before its end.',
            'Try again. An archive larger than the edge allows breaks off, too.',
            cause,
          ),
        );
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
}
