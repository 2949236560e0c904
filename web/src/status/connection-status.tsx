import type { ConnectionStatus as Status } from 'weir';

import { connection } from './connection.ts';

const words: Record<Status, { label: string; title: string }> = {
  connecting: { label: 'connecting', title: 'Reaching for the edge' },
  websocket: { label: 'WebSocket', title: 'Answers arrive over WebSocket' },
  http: { label: 'HTTP', title: 'Answers arrive over HTTP: WebSocket did not get through' },
  offline: { label: 'offline', title: 'No edge is reached: search and answers happen here' },
};

export function ConnectionStatus() {
  const { label, title } = words[connection.value];
  return (
    <span class="connection" data-status={connection.value} title={title}>
      <span class="connection-dot" aria-hidden="true" />
      <span role="status" aria-label="Connection">
        {label}
      </span>
    </span>
  );
}
