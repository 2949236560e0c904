/** Registers the service worker, which lets the page open without a network. */
export async function keepPageOffline(): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  const address = new URL('service-worker.js', document.baseURI).href;
  try {
    await navigator.serviceWorker.register(scriptAddress(address));
  } catch {
    // Not a secure context, or storage is denied: the page works, but only with its server.
  }
}

/** The page's only script address; Trusted Types let no other through. */
function scriptAddress(address: string): string {
  if (!window.trustedTypes) return address;
  const policy = window.trustedTypes.createPolicy('weir-page', { createScriptURL: (url) => url });
  return policy.createScriptURL(address) as unknown as string;
}
