import { signal } from '@preact/signals';

/// The hosts that the edge may fetch repositories from; empty where there is no edge, or an older one.

export const forges = signal<string[]>([]);

/** How long an edge may take to say so. */
const listTimeout = 5000;

export async function findForges(edge: URL | null): Promise<void> {
  if (!edge) return;
  try {
    const response = await fetch(new URL('v1/repositories/forges', edge), {
      signal: AbortSignal.timeout(listTimeout),
    });
    if (!response.ok) return;
    forges.value = ((await response.json()) as { host: string }[]).map(({ host }) => host);
  } catch {
    // Nothing answered: there is nothing to offer.
  }
}
