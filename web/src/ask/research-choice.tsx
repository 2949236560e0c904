import { providers } from '../status/connection.ts';
import { research } from './conversation.ts';

/** Whether the next question is looked into in several stages. Without a model there is but one. */
export function ResearchChoice() {
  const possible = providers.value?.configured !== false;
  const title = possible
    ? 'Looks into the question in up to five stages, each of which asks the model'
    : 'Research needs a model';
  return (
    <label class="composer-research" title={title}>
      <input
        type="checkbox"
        checked={research.value && possible}
        disabled={!possible}
        onChange={(event) => (research.value = event.currentTarget.checked)}
      />
      Deep research
    </label>
  );
}
