import { signal } from '@preact/signals';

/** `weir.json` beside the page. */
interface ConfigurationFile {
  /** Base address of an edge; null: none. */
  edge?: string | null;
  /** Addresses of packs, relative to the page. */
  packs?: string[];
}

export interface Configuration {
  edge: URL | null;
  /** True where nobody named the edge: it is taken to be whoever served the page. */
  assumed: boolean;
  packs: URL[];
}

export const configuration = signal<Configuration | null>(null);

/** Without a `weir.json` the edge is whoever served the page. */
export async function readConfiguration(): Promise<Configuration> {
  const base = new URL('.', document.baseURI);
  const file = await fetchConfiguration(base);
  const edge = file.edge === undefined ? base : file.edge && directory(new URL(file.edge, base));
  const packs = (file.packs ?? []).map((pack) => new URL(pack, base));
  return { edge: edge || null, assumed: file.edge === undefined, packs };
}

async function fetchConfiguration(base: URL): Promise<ConfigurationFile> {
  try {
    const response = await fetch(new URL('weir.json', base));
    return response.ok ? ((await response.json()) as ConfigurationFile) : {};
  } catch {
    return {};
  }
}

function directory(url: URL): URL {
  return url.pathname.endsWith('/') ? url : new URL(`${url.pathname}/`, url);
}
