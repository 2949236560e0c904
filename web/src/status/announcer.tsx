import { signal } from '@preact/signals';

const announcement = signal('');

/** Tells people who listen to the page what others see happen. */
export function announce(text: string): void {
  announcement.value = text;
}

export function Announcer() {
  return (
    <div class="visually-hidden" aria-live="polite">
      {announcement.value}
    </div>
  );
}
