import { Composer } from '../ask/composer.tsx';
import { Conversation } from '../answer/conversation-view.tsx';
import { FileViewer } from '../file-viewer/file-viewer.tsx';
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
        <Composer />
      </footer>
      <FileViewer />
      <Announcer />
    </>
  );
}
