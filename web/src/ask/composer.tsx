import { useEffect, useRef } from 'preact/hooks';

import { pack } from '../packs/packs.ts';
import { ask, busy, draft, newConversation, stop, turns } from './conversation.ts';
import { ResearchChoice } from './research-choice.tsx';
import { TokenMeter } from './token-meter.tsx';

export function Composer() {
  const box = useRef<HTMLTextAreaElement>(null);
  const ready = pack.value !== null;
  useEffect(() => box.current?.focus({ preventScroll: true }), [ready]);

  const submit = () => {
    const question = draft.value.trim();
    if (!question || busy.value || !ready) return;
    draft.value = '';
    void ask(question);
  };
  /** The buttons take each other's place: the focus goes where writing goes on. */
  const andFocus = (action: () => void) => () => {
    action();
    box.current?.focus();
  };

  return (
    <div class="composer">
      <div class="composer-box">
        <textarea
          ref={box}
          class="composer-question"
          aria-label="Question"
          aria-describedby="composer-help"
          placeholder={ready ? 'Ask about this repository…' : 'Open a repository first'}
          rows={1}
          maxLength={20_000}
          value={draft}
          onInput={(event) => (draft.value = event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
            event.preventDefault();
            submit();
          }}
        />
        {busy.value ? (
          <button type="button" class="composer-stop" onClick={andFocus(stop)}>
            Stop
          </button>
        ) : (
          <button
            type="button"
            class="composer-ask"
            aria-disabled={!ready || draft.value.trim() === ''}
            onClick={andFocus(submit)}
          >
            Ask
          </button>
        )}
      </div>
      <div class="composer-foot">
        <ResearchChoice />
        <TokenMeter />
        <span id="composer-help" class="composer-help">
          <kbd>Enter</kbd> asks, <kbd>Shift</kbd> <kbd>Enter</kbd> starts a line
        </span>
        {turns.value.length > 0 && (
          <button type="button" class="quiet" onClick={andFocus(newConversation)}>
            New conversation
          </button>
        )}
      </div>
    </div>
  );
}
