/** What relative addresses of the caller's are relative to: the page, or the working directory. */
function callersBase(): string {
  if (typeof document === 'object') return document.baseURI;
  if (typeof location === 'object') return location.href;
  return `file://${process.cwd()}/`;
}

export function address(given: string | URL): URL {
  return new URL(given, callersBase());
}

/** An address to which names can be appended. */
export function folderAddress(given: string | URL): URL {
  const folder = address(given);
  if (!folder.pathname.endsWith('/')) folder.pathname += '/';
  folder.search = '';
  folder.hash = '';
  return folder;
}

/** Where the package's own files lie. */
export function assetsAddress(given: string | URL | undefined): URL {
  return given === undefined ? new URL('./', import.meta.url) : folderAddress(given);
}
