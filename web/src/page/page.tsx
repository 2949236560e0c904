import { Composer } from '../ask/composer.tsx';
import { Conversation } from '../answer/conversation-view.tsx';
import { FileViewer } from '../file-viewer/file-viewer.tsx';
import { leaveLinkedAnswer, linkedAnswer } from './location.ts';
import { PackChooser } from '../packs/chooser.tsx';
import { PackProgress } from '../packs/progress.tsx';
import { Announcer } from '../status/announcer.tsx';
import { ConnectionStatus } from '../status/connection-status.tsx';
import { ExtractNotice } from '../status/extract-notice.tsx';
import { Logo } from './logo.tsx';

export function Page() {
  return (
    <>
      <header class="page-header">
        <h1 class="brand">
          <Logo />
          Weir
        </h1>
        <PackChooser />
        <ConnectionStatus />
      </header>
      <main class="page-main">
        <ExtractNotice />
        <PackProgress />
        <Conversation />
      </main>
      <footer class="page-footer">
        {linkedAnswer.value === null ? <Composer /> : <OwnQuestion />}
      </footer>
      <FileViewer />
      <Announcer />
    </>
  );
}

/** Who reads someone's answer asks on a page of their own. */
function OwnQuestion() {
  return (
    <div>
      <button type="button" onClick={leaveLinkedAnswer}>
        Ask a question of your own
      </button>
    </div>
  );
}
