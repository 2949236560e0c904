import type { ConnectionStatus, Providers } from 'weir';
import { effect, signal } from '@preact/signals';

import { weir } from '../weir.ts';

export const connection = signal<ConnectionStatus>('connecting');

/** Who can answer; null until known. */
export const providers = signal<Providers | null>(null);

/** Asks again who can answer whenever the edge comes or goes. */
export function followProviders(): void {
  let reachable: boolean | null = null;
  effect(() => {
    const now = connection.value !== 'offline';
    const host = weir.value;
    if (!host || now === reachable) return;
    reachable = now;
    host.providers().then(
      (answer) => (providers.value = answer),
      () => undefined,
    );
  });
}
