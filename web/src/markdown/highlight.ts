import type { SourceText } from 'weir';

import { setSafeHtml } from './safe-html.ts';

/// Colours code. The highlighter and its languages are loaded when there is code to colour.

/** Longer texts stay plain: colouring them would hold up the page. */
const longestText = 300_000;

export async function highlightBlocks(host: Element): Promise<void> {
  for (const code of host.querySelectorAll('pre > code[class^="language-"]')) {
    const language = code.className.slice('language-'.length);
    await highlight(code, code.textContent ?? '', language);
  }
}

export async function highlightFile(code: Element, { path, text }: SourceText): Promise<void> {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  await highlight(code, text, name.slice(name.lastIndexOf('.') + 1));
}

async function highlight(code: Element, text: string, language: string): Promise<void> {
  if (text.length > longestText) return;
  try {
    const { highlighter } = await import('./languages.ts');
    if (!highlighter.getLanguage(language)) return;
    const { value } = highlighter.highlight(text, { language, ignoreIllegals: true });
    if (code.textContent === text) setSafeHtml(code, value);
  } catch {
    // The highlighter could not be loaded: the code is readable without colours.
  }
}
