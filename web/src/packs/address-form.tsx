import { useId, useRef } from 'preact/hooks';

import { forges } from './forges.ts';
import { openRepository } from './packs.ts';

/** Indexes a repository by its address, where the edge can fetch it. */
export function AddressForm({ onChosen }: { onChosen?: (() => void) | undefined }) {
  const form = useRef<HTMLFormElement>(null);
  const hint = useId();
  if (forges.value.length === 0) return null;
  const submit = (event: Event) => {
    event.preventDefault();
    const { current } = form;
    if (!current) return;
    const entered = new FormData(current);
    const text = (name: string) => String(entered.get(name) ?? '').trim();
    const [url, ref, token] = [text('url'), text('ref'), text('token')];
    if (!url) return;
    // The token is for this once: nothing keeps it, and the field does not either.
    current.reset();
    onChosen?.();
    void openRepository({ url, ref, token });
  };
  return (
    <form class="address-form" ref={form} onSubmit={submit} aria-label="Repository by its address">
      <label>
        <span>Repository’s address</span>
        <input
          name="url"
          type="text"
          inputMode="url"
          required
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          placeholder={`https://${forges.value[0]}/owner/name`}
          aria-describedby={hint}
        />
      </label>
      <details>
        <summary>Branch, token</summary>
        <label>
          <span>Branch, tag or commit</span>
          <input
            name="ref"
            type="text"
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
          />
        </label>
        <label>
          <span>Access token, for a private repository</span>
          <input name="token" type="password" autocomplete="off" />
        </label>
        <p>The edge passes the token on to the forge for this one request, and keeps it nowhere.</p>
      </details>
      <button type="submit">Index</button>
      <p id={hint}>The edge fetches from {forges.value.join(', ')}; it is indexed here.</p>
    </form>
  );
}
