/** Registers the service worker, which lets the page open without a network. */
export async function keepPageOffline(): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  const address = new URL('service-worker.js', document.baseURI).href;
  try {
    const registration = await navigator.serviceWorker.register(scriptAddress(address));
    // The browser looks for a new version when it has time to; a visit may be shorter than that.
    if (registration.active) await registration.update();
  } catch {
    // Not a secure context, storage is denied, or the server is not there just now.
  }
}

/** The page's only script address; Trusted Types let no other through. */
function scriptAddress(address: string): string {
  if (!window.trustedTypes) return address;
  const policy = window.trustedTypes.createPolicy('weir-page', { createScriptURL: (url) => url });
  return policy.createScriptURL(address) as unknown as string;
}
