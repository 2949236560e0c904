import { accessHeaders } from '../access/code.ts';
import { configuration } from '../page/configuration.ts';
import type { PackOffer } from './offers.ts';

/// Offered packs that are kept so that this page can open them without a network: small ones when they
/// are opened, large ones when the reader wants it, since those are searched by ranges. The network is
/// asked first, since a repository moves on; the browser's own cache spares it unchanged bytes.

const cacheName = 'weir-packs';
/** What was offered is kept beside the bytes, under the pack's own address. */
const offerHeader = 'weir-offer';

/** Larger ones are not loaded whole unless somebody wants them kept. */
const smallBytes = 1 << 20;

/** Whether a pack is to be searched where it lies: a large one that is not kept, on a host for ranges. */
export async function isLeftThere(offer: PackOffer, signal: AbortSignal): Promise<boolean> {
  if ((offer.bytes ?? Infinity) <= smallBytes || (await keptCopy(offer.url))) return false;
  try {
    const headers = accessHeaders(new URL(offer.url), configuration.value?.edge ?? null);
    const response = await fetch(offer.url, {
      headers: { ...headers, range: 'bytes=0-0' },
      cache: 'no-store',
      signal,
    });
    void response.body?.cancel();
    const total = /\/(\d+)$/.exec(response.headers.get('content-range') ?? '')?.[1];
    return response.status === 206 && Number(total) > smallBytes;
  } catch {
    return false; // what is wrong comes out when it is fetched
  }
}

export interface Download {
  signal: AbortSignal;
  onProgress(loadedBytes: number): void;
}

export async function downloadPack(offer: PackOffer, download: Download): Promise<Blob> {
  try {
    const headers = accessHeaders(new URL(offer.url), configuration.value?.edge ?? null);
    const response = await fetch(offer.url, {
      headers,
      cache: 'no-cache',
      signal: download.signal,
    });
    if (!response.ok) throw new Error(`the server answers ${response.status}`);
    const pack = await readWithProgress(response, download);
    await keepCopy(offer, pack);
    return pack;
  } catch (failure) {
    if (download.signal.aborted) throw failure;
    const known = await keptCopy(offer.url);
    if (known) return known.blob();
    const why =
      failure instanceof TypeError ? 'its server does not answer' : (failure as Error).message;
    throw new Error(`The pack ${offer.name} could not be fetched: ${why}.`);
  }
}

/** Offers whose packs can be opened without a network. */
export async function keptOffers(): Promise<PackOffer[]> {
  if (!('caches' in globalThis)) return [];
  try {
    const cache = await caches.open(cacheName);
    const responses = await cache.matchAll();
    return responses
      .map((response) => response.headers.get(offerHeader))
      .filter((offer) => offer !== null)
      .map((offer) => JSON.parse(decodeURIComponent(offer)) as PackOffer);
  } catch {
    return [];
  }
}

/** Their packs' addresses. */
export async function keptUrls(): Promise<string[]> {
  return (await keptOffers()).map(({ url }) => url);
}

async function readWithProgress(response: Response, { onProgress }: Download): Promise<Blob> {
  if (!response.body) return response.blob();
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let loaded = 0;
  const reader = response.body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    chunks.push(part.value);
    loaded += part.value.length;
    onProgress(loaded);
  }
  return new Blob(chunks);
}

async function keptCopy(url: string): Promise<Response | undefined> {
  if (!('caches' in globalThis)) return undefined;
  return (await caches.open(cacheName)).match(url);
}

async function keepCopy(offer: PackOffer, pack: Blob): Promise<void> {
  if (!('caches' in globalThis)) return;
  try {
    const headers = { [offerHeader]: encodeURIComponent(JSON.stringify(offer)) };
    await (await caches.open(cacheName)).put(offer.url, new Response(pack, { headers }));
  } catch {
    // No room, or storage is denied: the pack works now, but not offline.
  }
}
