import { accessHeaders } from '../access/code.ts';
import type { Configuration } from '../page/configuration.ts';
import { keptOffers } from './download.ts';

/** A pack that can be fetched. */
export interface PackOffer {
  name: string;
  url: string;
  bytes?: number;
  commit?: string;
}

/** One entry of an edge's `packs/` list. */
interface ListedPack {
  name: string;
  file: string;
  bytes: number;
  commit: string;
}

/** How long an edge may take to say what packs it has. */
const listTimeout = 5000;

export interface Offers {
  packs: PackOffer[];
  /** False where a server answered, and is plainly no edge. */
  edge: boolean;
}

/** The packs that `weir.json` names, then those of the edge; without a network, those kept here. */
export async function findOffers({ edge, packs }: Configuration): Promise<Offers> {
  const named = packs.map((url) => ({ name: nameOf(url), url: url.href }));
  const listed = edge ? await listPacks(edge) : { packs: [], edge: false };
  return { packs: [...named, ...listed.packs], edge: listed.edge };
}

async function listPacks(edge: URL): Promise<Offers> {
  const address = new URL('packs/', edge);
  try {
    const response = await fetch(address, {
      headers: { accept: 'application/json', ...accessHeaders(address, edge) },
      signal: AbortSignal.timeout(listTimeout),
    });
    const json = response.headers.get('content-type')?.includes('json') ?? false;
    if (!json) return { packs: [], edge: false };
    if (!response.ok) return { packs: [], edge: true };
    return { packs: offersOf((await response.json()) as ListedPack[], address), edge: true };
  } catch {
    // Nothing answered: the edge may come back.
    return { packs: await keptOffers(), edge: true };
  }
}

function offersOf(listed: ListedPack[], address: URL): PackOffer[] {
  return listed.map(({ name, file, bytes, commit }) => ({
    name: name || file,
    url: new URL(encodeURIComponent(file), address).href,
    bytes,
    commit,
  }));
}

function nameOf(url: URL): string {
  const file = url.pathname.split('/').pop() ?? '';
  return decodeURIComponent(file).replace(/\.weir$/, '') || url.host;
}
