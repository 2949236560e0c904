import { useRef } from 'preact/hooks';

import { age, counted, size } from '../words.ts';
import { AddressForm } from './address-form.tsx';
import { archiveEndings, openChosenArchive } from './archive.ts';
import { chooseFolder, openChosenFiles } from './folder.ts';
import { KeptPacks } from './kept-packs.tsx';
import type { PackOffer } from './offers.ts';
import { chosenHere } from './choice.ts';
import {
  keepOffer,
  keptOfferUrls,
  offers,
  openOffer,
  pack,
  refreshKeptPacks,
  refreshOffers,
  work,
} from './packs.ts';

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
          {info.time !== undefined && ` · ${age(new Date(1000 * info.time))}`}
        </span>
      )}
      <Panel />
    </div>
  );
}

function Panel() {
  const panel = useRef<HTMLDivElement>(null);
  const close = () => panel.current?.hidePopover();
  // Another tab may have kept or deleted packs, a server may have newer ones, and ages grow.
  const freshen = (event: Event) => {
    if ((event as ToggleEvent).newState !== 'open') return;
    void refreshKeptPacks();
    void refreshOffers();
  };
  return (
    <div id={panelId} popover="auto" class="chooser-panel" ref={panel} onBeforeToggle={freshen}>
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
      <KeptPacks onChosen={close} />
      <OpenButtons onChosen={close} />
      <AddressForm onChosen={close} />
      <p class="chooser-promise">
        Folders and archives are read and searched here; they are not sent anywhere. They can be
        dropped anywhere on this page, too.
      </p>
    </div>
  );
}

/** It is the open one, and its server has another commit of it by now. */
function isNewer({ url, commit }: PackOffer): boolean {
  return Boolean(commit) && chosenHere() === url && pack.value?.info.commit !== commit;
}

function Offer({ offer, onChosen }: { offer: PackOffer; onChosen(): void }) {
  const open = () => {
    onChosen();
    void openOffer(offer);
  };
  const keep = () => {
    onChosen();
    void keepOffer(offer);
  };
  const kept = keptOfferUrls.value.includes(offer.url);
  return (
    <li>
      <button type="button" class="chooser-choice" onClick={open}>
        <bdi>{offer.name}</bdi>
        <small>
          {[
            isNewer(offer) && 'new version',
            offer.bytes !== undefined && size(offer.bytes),
            kept && 'kept for offline use',
          ]
            .filter(Boolean)
            .join(' · ')}
        </small>
      </button>
      {!kept && (
        <button
          type="button"
          class="chooser-keep"
          aria-label={`Keep ${offer.name} for offline use`}
          onClick={keep}
        >
          Keep
        </button>
      )}
    </li>
  );
}

/** Ways to a repository that is on this device. */
export function OpenButtons({ onChosen }: { onChosen?(): void }) {
  return (
    <div class="chooser-ways">
      <FolderButton onChosen={onChosen} />
      <ArchiveButton onChosen={onChosen} />
    </div>
  );
}

interface ButtonProps {
  onChosen?: (() => void) | undefined;
}

function FolderButton({ onChosen }: ButtonProps) {
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

function ArchiveButton({ onChosen }: ButtonProps) {
  const input = useRef<HTMLInputElement>(null);
  const choose = () => {
    onChosen?.();
    input.current?.click();
  };
  return (
    <>
      <button type="button" class="chooser-folder" onClick={choose}>
        Open an archive…
      </button>
      <input
        ref={input}
        type="file"
        accept={archiveEndings.join(',')}
        hidden
        aria-label="Archive"
        onChange={(event) => void openChosenArchive(event.currentTarget)}
      />
    </>
  );
}
