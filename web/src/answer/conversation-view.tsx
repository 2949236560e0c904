import { turns } from '../ask/conversation.ts';
import { keeping } from '../ask/keeping.ts';
import { linkedAnswer } from '../page/location.ts';
import { LinkedAnswer } from './linked-answer.tsx';
import { Start } from './start.tsx';
import { TurnView } from './turn-view.tsx';

export function Conversation() {
  const all = turns.value;
  if (linkedAnswer.value !== null) return <LinkedAnswer />;
  if (all.length === 0) return <Start />;
  return (
    <div class="conversation">
      {all.map((turn, place) => (
        <TurnView key={turn.id} turn={turn} place={place + 1} last={place === all.length - 1} />
      ))}
      {keeping.value && (
        <p class="conversation-kept">
          This browser keeps the conversation for a day. “New conversation” removes it.
        </p>
      )}
    </div>
  );
}
