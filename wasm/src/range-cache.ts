/**
 * What was read of files by ranges, kept on this device (OPFS) by their content: one file for each,
 * to which what is read is appended. A browser without OPFS, or another tab that has the same file
 * open, only means that nothing is kept.
 *
 * A file is a run of records: offset and length (64 and 32 bits, little-endian), then the bytes. One
 * that was cut short ends at the last whole record.
 */
import type { ByteSource } from './byte-sources.js';

const FOLDER = 'weir-ranges';
const RECORD_BYTES = 12;
/** Of one file no more is kept. */
const FILE_BYTES = 64 << 20;
/** Of all together; the files that were used longest ago go first. */
const FOLDER_BYTES = 256 << 20;

interface Kept {
  offset: number;
  length: number;
  /** Where its bytes lie in the cache's file. */
  at: number;
}

/** Of workers only; the types of a page do not know it. */
interface AccessHandle {
  getSize(): number;
  read(bytes: Uint8Array, options: { at: number }): number;
  write(bytes: Uint8Array, options: { at: number }): number;
  truncate(size: number): void;
  flush(): void;
  close(): void;
}

/** Reads `source` through what is kept of it. `head`, its first bytes, tell what it holds. */
export async function cached(source: ByteSource, head: Uint8Array): Promise<ByteSource> {
  const access = await openAccess(head).catch(() => undefined);
  return access ? new CachedSource(source, access) : source;
}

class CachedSource implements ByteSource {
  readonly size: number;
  readonly #source: ByteSource;
  readonly #access: AccessHandle;
  readonly #kept: Kept[];
  #end: number;

  constructor(source: ByteSource, access: AccessHandle) {
    this.size = source.size;
    this.#source = source;
    this.#access = access;
    this.#kept = recordsOf(access, source.size);
    const last = this.#kept.at(-1);
    this.#end = last ? last.at + last.length : 0;
  }

  async read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array> {
    const kept = this.#kept.find(
      (record) => record.offset <= offset && offset + length <= record.offset + record.length,
    );
    if (kept) {
      const bytes = new Uint8Array(length);
      const at = kept.at + offset - kept.offset;
      if (this.#access.read(bytes, { at }) === length) return bytes;
    }
    const bytes = await this.#source.read(offset, length, signal);
    this.#keep(offset, bytes);
    return bytes;
  }

  close(): void {
    this.#access.close();
  }

  #keep(offset: number, bytes: Uint8Array): void {
    if (this.#end + RECORD_BYTES + bytes.length > FILE_BYTES) return;
    const record = new Uint8Array(RECORD_BYTES + bytes.length);
    const view = new DataView(record.buffer);
    view.setBigUint64(0, BigInt(offset), true);
    view.setUint32(8, bytes.length, true);
    record.set(bytes, RECORD_BYTES);
    try {
      if (this.#access.write(record, { at: this.#end }) !== record.length) return;
      this.#access.flush();
    } catch {
      return; // no room: nothing more is kept
    }
    this.#kept.push({ offset, length: bytes.length, at: this.#end + RECORD_BYTES });
    this.#end += record.length;
  }
}

function recordsOf(access: AccessHandle, sourceSize: number): Kept[] {
  const kept: Kept[] = [];
  const head = new Uint8Array(RECORD_BYTES);
  const view = new DataView(head.buffer);
  const size = access.getSize();
  for (let at = 0; at + RECORD_BYTES <= size;) {
    access.read(head, { at });
    const offset = Number(view.getBigUint64(0, true));
    const length = view.getUint32(8, true);
    at += RECORD_BYTES;
    if (at + length > size || offset + length > sourceSize) break;
    kept.push({ offset, length, at });
    at += length;
  }
  const last = kept.at(-1);
  access.truncate(last ? last.at + last.length : 0);
  return kept;
}

async function openAccess(head: Uint8Array): Promise<AccessHandle | undefined> {
  if (typeof navigator !== 'object' || !navigator.storage?.getDirectory) return undefined;
  const root = await navigator.storage.getDirectory();
  const folder = await root.getDirectoryHandle(FOLDER, { create: true });
  const name = await nameOf(head);
  await makeRoom(folder, name);
  const file = await folder.getFileHandle(name, { create: true });
  if (!('createSyncAccessHandle' in file)) return undefined;
  return (
    file as unknown as { createSyncAccessHandle(): Promise<AccessHandle> }
  ).createSyncAccessHandle();
}

/** A pack's first bytes hold the checksums of everything in it. */
async function nameOf(head: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', head as Uint8Array<ArrayBuffer>);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function makeRoom(folder: FileSystemDirectoryHandle, name: string): Promise<void> {
  const files: File[] = [];
  for await (const entry of folder.values()) {
    if (entry.kind === 'file') files.push(await (entry as FileSystemFileHandle).getFile());
  }
  files.sort((a, b) => b.lastModified - a.lastModified);
  let sum = 0;
  for (const file of files) {
    sum += file.size;
    if (sum > FOLDER_BYTES && file.name !== name) {
      await folder.removeEntry(file.name).catch(() => undefined);
    }
  }
}
