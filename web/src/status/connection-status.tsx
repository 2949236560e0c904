import type { ConnectionStatus as Status } from 'weir';

import { connection } from './connection.ts';
import { reconnecting } from './reconnecting.ts';

const words: Record<Status | 'reconnecting', { label: string; title: string }> = {
  connecting: { label: 'connecting', title: 'Reaching for the edge' },
  reconnecting: { label: 'reconnecting…', title: 'Reaching for the edge to go on with the answer' },
  websocket: { label: 'WebSocket', title: 'Answers arrive over WebSocket' },
  http: { label: 'HTTP', title: 'Answers arrive over HTTP: WebSocket did not get through' },
  offline: { label: 'offline', title: 'No edge is reached: search and answers happen here' },
};

export function ConnectionStatus() {
  const { label, title } = words[reconnecting.value ? 'reconnecting' : connection.value];
  return (
    <span
      class="connection"
      data-status={reconnecting.value ? 'connecting' : connection.value}
      title={title}
    >
      <span class="connection-dot" aria-hidden="true" />
      <span role="status" aria-label="Connection">
        {label}
      </span>
    </span>
  );
}
