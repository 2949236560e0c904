/** Water going over a weir: the icon's drawing, in the page's own colours. */
export function Logo() {
  return (
    <svg class="logo" viewBox="6 14 54 42" aria-hidden="true">
      <path class="logo-fall" d="M11 21h15c7 0 8 5 9 11s3 11 10 11h8" />
      <path class="logo-pool" d="M11 33h10c5 0 6 3 7 7s3 8 7 9" />
      <path class="logo-crest" d="M43 21h10" />
    </svg>
  );
}
