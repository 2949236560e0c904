import { count } from '../words.ts';
import { meter, type Meter } from './meter.ts';

/** What the prompt holds, of what the model allows. */
export function TokenMeter() {
  const shown = meter.value;
  if (!shown) return <div class="meter" />;
  const about = shown.exact ? '' : 'about ';
  const text = `${about}${count(shown.tokens)} of ${count(shown.allowed)} tokens`;
  const share = Math.min(100, (100 * shown.tokens) / shown.allowed);
  return (
    <div class="meter" title={howCounted(shown)}>
      <div
        class="meter-bar"
        role="meter"
        aria-label="Tokens"
        aria-valuemin={0}
        aria-valuemax={shown.allowed}
        aria-valuenow={Math.min(shown.tokens, shown.allowed)}
        aria-valuetext={text}
      >
        <div class="meter-fill" style={{ width: `${share}%` }} data-full={share > 90} />
      </div>
      <span class="meter-text">{text}</span>
      {shown.kept + shown.dropped > 0 && (
        <span class="meter-passages">
          {count(shown.kept)} passages sent
          {shown.dropped > 0 && `, ${count(shown.dropped)} left out`}
        </span>
      )}
    </div>
  );
}

function howCounted({ exact, error, model }: Meter): string {
  if (exact) return `The prompt, as ${model} counts it`;
  const off = error === undefined ? '' : `, up to ${error} % off where it was measured`;
  return `The prompt, as nearly as can be told here what ${model} counts${off}`;
}
