/**
 * Packs kept on this device, in the origin's private file system: one file each, named for its
 * repository. A write that was cut short leaves a file whose checksums do not hold; opening it
 * rejects with pack_damaged, and the list still names it, so that it can be removed.
 */
import type { KeptPack } from './api.js';
import { failure } from './errors.js';

const FOLDER = 'weir-packs';
const ENDING = '.weir';

async function folder(create: boolean): Promise<FileSystemDirectoryHandle | undefined> {
  if (typeof navigator !== 'object' || !navigator.storage?.getDirectory) return undefined;
  try {
    const root = await navigator.storage.getDirectory();
    return await root.getDirectoryHandle(FOLDER, { create });
  } catch {
    return undefined; // no such folder yet, or storage is blocked for this page
  }
}

/** Repository names hold slashes and colons; file names must not. */
const idOf = (repository: string): string => encodeURIComponent(repository).replaceAll('*', '%2A');

export async function keptPacks(): Promise<KeptPack[]> {
  const packs: KeptPack[] = [];
  for await (const [name, entry] of (await folder(false))?.entries() ?? []) {
    if (entry.kind !== 'file' || !name.endsWith(ENDING)) continue;
    const file = await (entry as FileSystemFileHandle).getFile();
    const id = name.slice(0, -ENDING.length);
    packs.push({
      id,
      repository: decodeURIComponent(id),
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
  await (await folder(false))?.removeEntry(id + ENDING).catch(() => undefined);
}

export async function keep(repository: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  const packs = await folder(true);
  if (!packs) {
    throw failure(
      'not_found',
      'This browser lets the page keep no packs.',
      'Index without keeping, or allow the page to store data.',
    );
  }
  const name = idOf(repository) + ENDING;
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
