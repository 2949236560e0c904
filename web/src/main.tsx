import { render } from 'preact';

import './page/page.css';
import './ask/composer.css';
import './answer/answer.css';
import './sources/sources.css';
import './file-viewer/file-viewer.css';
import './packs/packs.css';
import './status/status.css';
import './markdown/code.css';

import { configuration, readConfiguration } from './page/configuration.ts';
import { narrowConnections } from './page/connections.ts';
import { keepPageOffline } from './page/offline.ts';
import { Page } from './page/page.tsx';
import { followLocation } from './page/location.ts';
import { followLink } from './ask/linked.ts';
import { keepMeterTrue } from './ask/meter.ts';
import { goOnReading, restoreConversation } from './ask/restore.ts';
import { takeDrops } from './packs/drop.ts';
import { findForges } from './packs/forges.ts';
import { findOffers } from './packs/offers.ts';
import { offers, openFirstPack, packFailure } from './packs/packs.ts';
import { followProviders } from './status/connection.ts';
import { failureOf } from './failure.ts';
import { failToStart, startWeir } from './weir.ts';

async function start(): Promise<void> {
  const read = await readConfiguration();
  narrowConnections(read);
  const found = await findOffers(read);
  // A plain file server that serves this page is no edge to reach for.
  const edge = read.assumed && !found.edge ? null : read.edge;
  configuration.value = { ...read, edge };
  offers.value = found.packs;
  void findForges(edge);
  await startWeir(edge);
  goOnReading();
  followProviders();
  keepMeterTrue();
  await openFirstPack();
}

takeDrops();
followLocation();
restoreConversation();
followLink();
render(<Page />, document.body);
start()
  .catch((thrown: unknown) => {
    failToStart(thrown);
    packFailure.value = failureOf(thrown);
  })
  .finally(keepPageOffline);
