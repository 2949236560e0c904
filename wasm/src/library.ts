/**
 * Packs kept on this device, in the origin's private file system: one file each, named for its
 * repository, commit and globs, and beside it in a folder of its own what it can be refreshed from.
 * A write that was cut short leaves a file whose checksums do not hold; opening it
 * rejects with pack_damaged, and the list still names it, so that it can be removed.
 */
import type { KeptPack } from './api.js';
import { failure } from './errors.js';
import type { Refreshable } from './index-engine.js';

const PACKS = 'weir-packs';
const FORWARD = 'weir-forward';
const ENDING = '.weir';

async function folder(
  create: boolean,
  name = PACKS,
): Promise<FileSystemDirectoryHandle | undefined> {
  if (typeof navigator !== 'object' || !navigator.storage?.getDirectory) return undefined;
  try {
    const root = await navigator.storage.getDirectory();
    return await root.getDirectoryHandle(name, { create });
  } catch {
    return undefined; // no such folder yet, or storage is blocked for this page
  }
}

/** What a pack is of. */
export interface Identity {
  repository: string;
  commit: string;
  include: string[];
  exclude: string[];
}

/** Names hold slashes and colons; file names must not, and the at sign stands between parts. */
const escaped = (text: string): string => encodeURIComponent(text).replaceAll('*', '%2A');

async function globsPart({ include, exclude }: Identity): Promise<string> {
  if (include.length === 0 && exclude.length === 0) return '';
  const text = new TextEncoder().encode(JSON.stringify([include, exclude]));
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', text));
  return [...hash.subarray(0, 16)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function idOf(identity: Identity): Promise<string> {
  const globs = await globsPart(identity);
  const parts = [escaped(identity.repository), identity.commit, globs];
  return parts.join('@').replace(/@+$/, '');
}

function partsOf(id: string): { repository: string; commit: string; globs: string } {
  const [repository = '', commit = '', globs = ''] = id.split('@');
  return { repository: decodeURIComponent(repository), commit, globs };
}

export async function keptPacks(): Promise<KeptPack[]> {
  const packs: KeptPack[] = [];
  for await (const [name, entry] of (await folder(false))?.entries() ?? []) {
    if (entry.kind !== 'file' || !name.endsWith(ENDING)) continue;
    const file = await (entry as FileSystemFileHandle).getFile();
    const id = name.slice(0, -ENDING.length);
    const { repository, commit } = partsOf(id);
    packs.push({
      id,
      repository,
      commit,
      bytes: file.size,
      saved_at: file.lastModified,
    });
  }
  return packs.sort((a, b) => b.saved_at - a.saved_at);
}

export async function keptFile(id: string): Promise<Blob> {
  try {
    const handle = await (await folder(false))?.getFileHandle(id + ENDING);
    if (handle) return await handle.getFile();
  } catch {
    // Gone, or never there: said below.
  }
  throw failure(
    'not_found',
    'This pack is not kept on this device.',
    'Index the repository again.',
  );
}

export async function removeKept(id: string): Promise<void> {
  for (const name of [PACKS, FORWARD]) {
    await (await folder(false, name))?.removeEntry(id + ENDING).catch(() => undefined);
  }
}

/** The newest pack of the same repository and globs, of whatever commit, and its forward index. */
export async function refreshable(identity: Identity): Promise<Refreshable | undefined> {
  const globs = await globsPart(identity);
  const newest = (await keptPacks()).find(
    ({ id, repository }) => repository === identity.repository && partsOf(id).globs === globs,
  );
  if (!newest) return undefined;
  const bytes = async (name: string) => {
    const handle = await (await folder(false, name))?.getFileHandle(newest.id + ENDING);
    return handle && new Uint8Array(await (await handle.getFile()).arrayBuffer());
  };
  try {
    const [pack, forward] = await Promise.all([bytes(PACKS), bytes(FORWARD)]);
    return pack && forward && { pack, forward };
  } catch {
    return undefined; // it was never refreshable, or is just being deleted
  }
}

/** Keeps a pack, and what it can be refreshed from where there is room for it. */
export async function keep(
  identity: Identity,
  bytes: Uint8Array<ArrayBuffer>,
  forward: Uint8Array<ArrayBuffer>,
): Promise<void> {
  const packs = await folder(true);
  if (!packs) {
    throw failure(
      'not_found',
      'This browser lets the page keep no packs.',
      'Index without keeping, or allow the page to store data.',
    );
  }
  const name = (await idOf(identity)) + ENDING;
  try {
    await write(await packs.getFileHandle(name, { create: true }), bytes);
  } catch (cause) {
    await packs.removeEntry(name).catch(() => undefined);
    throw failure(
      'request_too_large',
      'The pack could not be kept on this device.',
      'Remove kept packs that are not needed, or free storage.',
      cause,
    );
  }
  const beside = await folder(true, FORWARD);
  try {
    if (beside) await write(await beside.getFileHandle(name, { create: true }), forward);
  } catch {
    await beside?.removeEntry(name).catch(() => undefined);
  }
}

/** A writable stream replaces the file as a whole when it closes; where there is none, in place. */
async function write(handle: FileSystemFileHandle, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  if ('createWritable' in handle) {
    const writable = await handle.createWritable();
    await writable.write(bytes);
    return writable.close();
  }
  const access = await (handle as SyncHandle).createSyncAccessHandle();
  try {
    access.truncate(0);
    if (access.write(bytes, { at: 0 }) !== bytes.length) throw new Error('written in part');
    access.flush();
  } finally {
    access.close();
  }
}

/** Of workers only; the types of a page do not know it. */
interface SyncHandle {
  createSyncAccessHandle(): Promise<{
    truncate(size: number): void;
    write(bytes: Uint8Array, options: { at: number }): number;
    flush(): void;
    close(): void;
  }>;
}
