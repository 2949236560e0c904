import type { KeptPack } from 'weir';
import { useRef } from 'preact/hooks';

import { counted, size } from '../words.ts';
import { chooseFolder, openChosenFiles } from './folder.ts';
import type { PackOffer } from './offers.ts';
import { keptPacks, offers, openKept, openOffer, pack, removeKept, work } from './packs.ts';

const panelId = 'repositories';

/** The header's button with the repository's name, and the panel of others to open. */
export function PackChooser() {
  const info = pack.value?.info;
  const name = info?.repository ?? work.value?.name ?? 'Choose a repository';
  return (
    <div class="chooser">
      <button type="button" class="chooser-button" popovertarget={panelId}>
        <span class="visually-hidden">Repository: </span>
        <bdi class="chooser-name">{name}</bdi>
        <span aria-hidden="true">▾</span>
      </button>
      {info && (
        <span class="chooser-facts">
          {counted(info.files, 'file', 'files')} · {counted(info.chunks, 'passage', 'passages')}
          {info.commit && ` · ${info.commit.slice(0, 7)}`}
        </span>
      )}
      <Panel />
    </div>
  );
}

function Panel() {
  const panel = useRef<HTMLDivElement>(null);
  const close = () => panel.current?.hidePopover();
  return (
    <div id={panelId} popover="auto" class="chooser-panel" ref={panel}>
      {offers.value.length > 0 && (
        <section aria-labelledby="offered">
          <h2 id="offered">Repositories</h2>
          <ul>
            {offers.value.map((offer) => (
              <Offer key={offer.url} offer={offer} onChosen={close} />
            ))}
          </ul>
        </section>
      )}
      {keptPacks.value.length > 0 && (
        <section aria-labelledby="kept">
          <h2 id="kept">Kept on this device</h2>
          <ul>
            {keptPacks.value.map((kept) => (
              <Kept key={kept.id} kept={kept} onChosen={close} />
            ))}
          </ul>
        </section>
      )}
      <FolderButton onChosen={close} />
      <p class="chooser-promise">A folder is read and searched here; it is not sent anywhere.</p>
    </div>
  );
}

function Offer({ offer, onChosen }: { offer: PackOffer; onChosen(): void }) {
  const open = () => {
    onChosen();
    void openOffer(offer);
  };
  return (
    <li>
      <button type="button" class="chooser-choice" onClick={open}>
        <bdi>{offer.name}</bdi>
        {offer.bytes !== undefined && <small>{size(offer.bytes)}</small>}
      </button>
    </li>
  );
}

function Kept({ kept, onChosen }: { kept: KeptPack; onChosen(): void }) {
  const open = () => {
    onChosen();
    void openKept(kept);
  };
  const saved = new Date(kept.saved_at).toLocaleDateString();
  return (
    <li>
      <button type="button" class="chooser-choice" onClick={open}>
        <bdi>{kept.repository}</bdi>
        <small>
          {size(kept.bytes)} · {saved}
        </small>
      </button>
      <button
        type="button"
        class="chooser-delete"
        aria-label={`Delete ${kept.repository}`}
        onClick={() => void removeKept(kept)}
      >
        Delete
      </button>
    </li>
  );
}

export function FolderButton({ onChosen }: { onChosen?(): void }) {
  const input = useRef<HTMLInputElement>(null);
  const choose = () => {
    onChosen?.();
    void chooseFolder(input.current);
  };
  return (
    <>
      <button type="button" class="chooser-folder" onClick={choose}>
        Open a folder…
      </button>
      <input
        ref={input}
        type="file"
        {...{ webkitdirectory: true }}
        hidden
        aria-label="Folder"
        onChange={(event) => void openChosenFiles(event.currentTarget)}
      />
    </>
  );
}
