/** How an edge is told who asks: see "Who asks" in shared/weir/wire/PROTOCOL.md. */

/** The header of an HTTP request; none where there is nothing to tell. */
export function bearer(access: string): Record<string, string> {
  return access === '' ? {} : { authorization: `Bearer ${access}` };
}

/** The frame for a WebSocket, which pages cannot give headers. */
export function accessFrame(access: string): string {
  return JSON.stringify({ type: 'access', token: access });
}
