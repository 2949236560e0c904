/**
 * The network's coming and going, and the page's own sleep, told to the machine behind a backend. It
 * is the page that must listen: Chromium dispatches `online` and `offline` to windows only.
 */
import type { Backend, PageNews } from './protocol.js';

/** Until the returned function is called. */
export function passOnNews(backend: Backend): () => void {
  const listening = new AbortController();
  const { signal } = listening;
  const tell = (news: PageNews) => void backend.call('pageNews', news).catch(() => undefined);
  const awake = () => navigator.onLine && tell('awake');

  addEventListener('online', () => tell('online'), { signal });
  addEventListener('offline', () => tell('offline'), { signal });
  addEventListener('pageshow', ({ persisted }) => persisted && awake(), { signal });
  if (typeof document === 'object') {
    const seen = () => document.visibilityState === 'visible' && awake();
    document.addEventListener('visibilitychange', seen, { signal });
    // Page Lifecycle: the page was frozen, its timers with it.
    document.addEventListener('resume', awake, { signal });
  }
  return () => listening.abort();
}
