import { useId } from 'preact/hooks';

import { refreshOffers } from '../packs/packs.ts';
import { rememberCode } from './code.ts';

/** Asks for the code that the edge wants; then what it refused is tried again. */
export function CodeForm({ onGiven }: { onGiven: () => void }) {
  const field = useId();
  const give = (event: SubmitEvent) => {
    event.preventDefault();
    const code = new FormData(event.currentTarget as HTMLFormElement).get('code');
    if (typeof code !== 'string' || code.trim() === '') return;
    rememberCode(code.trim());
    void refreshOffers();
    onGiven();
  };
  return (
    <form class="code-form" onSubmit={give}>
      <label for={field}>Code</label>
      <input id={field} name="code" type="password" autocomplete="off" required />
      <button type="submit">Use it</button>
    </form>
  );
}
