import type { Configuration } from './configuration.ts';

/**
 * Tightens the page's policy to the addresses that its configuration names. Policies add up: this
 * one can only take away from the one in index.html, for as long as the page lives.
 */
export function narrowConnections({ edge, packs }: Configuration): void {
  const allowed = new Set(["'self'"]);
  if (edge) allowed.add(edge.origin).add(edge.origin.replace(/^http/, 'ws'));
  for (const pack of packs) allowed.add(pack.origin);
  const policy = document.createElement('meta');
  policy.httpEquiv = 'Content-Security-Policy';
  policy.content = `connect-src ${[...allowed].join(' ')}`;
  document.head.append(policy);
}
