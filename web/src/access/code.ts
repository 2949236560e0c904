/**
 * What the edge is told of who asks, where it wants to know: a code, for as long as this tab lives.
 * Other tabs, and whoever opens the browser next, are asked for it again.
 */
const place = 'weir-access';
let code = '';

export function accessCode(): string {
  try {
    return sessionStorage.getItem(place) ?? code;
  } catch {
    return code; // storage is denied: known until the page is left
  }
}

export function rememberCode(given: string): void {
  code = given;
  try {
    sessionStorage.setItem(place, given);
  } catch {
    // As above.
  }
}

/** For a request of the page's own to this address; the code is for its edge alone. */
export function accessHeaders(address: URL, edge: URL | null): Record<string, string> {
  const known = accessCode();
  const own = edge !== null && address.href.startsWith(edge.href);
  return known !== '' && own ? { authorization: `Bearer ${known}` } : {};
}
