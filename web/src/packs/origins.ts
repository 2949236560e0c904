import type { FileSource, RepositoryAddress } from 'weir';

/// Where the packs kept on this device came from, so that they can be refreshed: in IndexedDB, which alone
/// keeps a folder's handle. Without it packs are kept all the same, and have no origin.

export type Origin =
  | { kind: 'folder'; folder: FileSystemDirectoryHandle }
  /** Never with the token that it was fetched with. */
  | { kind: 'repository'; url: string; ref: string };

const databaseName = 'weir-origins';
const storeName = 'origins';

export function originOf(source: FileSource): Origin | null {
  if ('kind' in source && source.kind === 'directory') return { kind: 'folder', folder: source };
  if (!('url' in source)) return null;
  const { url, ref = '' } = source as RepositoryAddress;
  return { kind: 'repository', url, ref };
}

export async function rememberOrigin(id: string, origin: Origin | null): Promise<void> {
  await inStore('readwrite', (store) => (origin ? store.put(origin, id) : store.delete(id)));
}

export async function recallOrigin(id: string): Promise<Origin | undefined> {
  return (await inStore('readonly', (store) => store.get(id))) as Origin | undefined;
}

/** The ids of all packs that have one. */
export async function idsWithOrigin(): Promise<Set<string>> {
  const keys = await inStore('readonly', (store) => store.getAllKeys());
  return new Set((keys as string[] | undefined) ?? []);
}

/** Nothing where this browser keeps nothing for the page. */
async function inStore(
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest,
): Promise<unknown> {
  try {
    const database = await settled(openDatabase());
    try {
      return await settled(work(database.transaction(storeName, mode).objectStore(storeName)));
    } finally {
      database.close();
    }
  } catch {
    return undefined;
  }
}

function openDatabase(): IDBOpenDBRequest {
  const request = indexedDB.open(databaseName, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(storeName);
  return request;
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('IndexedDB failed'));
  });
}
