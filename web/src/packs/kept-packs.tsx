import type { KeptPack } from 'weir';
import { useRef } from 'preact/hooks';

import { announce } from '../status/announcer.tsx';
import { age, counted, size } from '../words.ts';
import { keptPacks, openKept, refreshable, refreshKept, removeKept } from './packs.ts';

/** The packs kept in this browser, newest first: to open, and to delete. */
export function KeptPacks({ onChosen }: { onChosen(): void }) {
  const section = useRef<HTMLElement>(null);
  const packs = keptPacks.value;
  if (packs.length === 0) return null;
  const bytes = packs.reduce((sum, kept) => sum + kept.bytes, 0);
  const remove = async (kept: KeptPack) => {
    const at = packs.indexOf(kept);
    await removeKept(kept);
    announce(`${kept.repository} was deleted from this device.`);
    focusAfter(section.current, at);
  };
  return (
    <section aria-labelledby="kept" ref={section}>
      <h2 id="kept">Kept on this device</h2>
      <p class="chooser-total">
        {counted(packs.length, 'pack', 'packs')}, {size(bytes)}
      </p>
      <ul>
        {packs.map((kept) => (
          <Kept key={kept.id} kept={kept} onChosen={onChosen} onDelete={() => void remove(kept)} />
        ))}
      </ul>
    </section>
  );
}

interface KeptProps {
  kept: KeptPack;
  onChosen(): void;
  onDelete(): void;
}

function Kept({ kept, onChosen, onDelete }: KeptProps) {
  const open = () => {
    onChosen();
    void openKept(kept);
  };
  const refresh = () => {
    onChosen();
    void refreshKept(kept);
  };
  const saved = new Date(kept.saved_at);
  return (
    <li>
      <button type="button" class="chooser-choice" onClick={open}>
        <bdi>{kept.repository}</bdi>
        <small>
          {kept.commit && `${kept.commit.slice(0, 7)} · `}
          {size(kept.bytes)} ·{' '}
          <time dateTime={saved.toISOString()} title={saved.toLocaleString()}>
            {age(saved)}
          </time>
        </small>
      </button>
      {refreshable.value.has(kept.id) && (
        <button
          type="button"
          class="chooser-refresh"
          aria-label={`Refresh ${kept.repository}`}
          onClick={refresh}
        >
          Refresh
        </button>
      )}
      <button
        type="button"
        class="chooser-delete"
        aria-label={`Delete ${kept.repository}`}
        onClick={onDelete}
      >
        Delete
      </button>
    </li>
  );
}

/** The button that had the focus is gone: its neighbour gets it, or what follows the list. */
function focusAfter(section: HTMLElement | null, at: number): void {
  const buttons = section?.querySelectorAll<HTMLButtonElement>('.chooser-delete') ?? [];
  const next = buttons[Math.min(at, buttons.length - 1)];
  (next ?? document.querySelector<HTMLElement>('.chooser-panel .chooser-folder'))?.focus();
}
