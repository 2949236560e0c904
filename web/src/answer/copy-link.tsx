import { useId, useState } from 'preact/hooks';

import { answerLink } from '../page/location.ts';
import { announce } from '../status/announcer.tsx';

interface Props {
  /** The answer's id. */
  answer: string;
  /** Which answer, where there are several. */
  what: string;
}

/** Gives an answer to others: a link that lets them read it, and nothing else. */
export function CopyLink({ answer, what }: Props) {
  const promise = useId();
  const [state, setState] = useState<'idle' | 'copied' | 'shown'>('idle');
  const link = answerLink(answer);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(link);
      setState('copied');
      announce('The link is copied.');
    } catch {
      setState('shown'); // not a secure context, or not allowed: it is copied by hand
    }
  };
  return (
    <div class="share">
      <button
        type="button"
        class="quiet"
        aria-label={what === 'Answer' ? undefined : `Copy link: ${what}`}
        aria-describedby={promise}
        onClick={() => void copy()}
      >
        Copy link
      </button>
      <span id={promise}>
        {state === 'copied' && <strong>Copied. </strong>}
        Whoever has the link can read this answer, until 10 minutes after its end.
      </span>
      {state === 'shown' && (
        <input
          class="share-link"
          aria-label="Link to the answer"
          readOnly
          value={link}
          ref={(input) => input?.select()}
        />
      )}
    </div>
  );
}
