import DOMPurify from 'dompurify';

/// The only door through which text becomes HTML. Markdown is rendered with HTML turned off, and what
/// comes of it passes this list all the same: an answer can say anything.

const tags =
  'a blockquote br code del em h3 h4 h5 h6 hr li ol p pre s span strong table tbody td th thead tr ul';
const attributes = 'aria-label class href rel start target title';

/** http, https and mail, and the page's own links to files. */
const addresses = /^(?:https?:\/\/|mailto:|#file=)/i;

export function setSafeHtml(element: Element, html: string): void {
  element.innerHTML = DOMPurify.sanitize(html, {
    ALLOWED_TAGS: tags.split(' '),
    ALLOWED_ATTR: attributes.split(' '),
    ALLOWED_URI_REGEXP: addresses,
    // No addresses: they are not held against the list of those.
    ADD_URI_SAFE_ATTR: ['rel', 'start', 'target'],
    ALLOW_DATA_ATTR: false,
    RETURN_TRUSTED_TYPE: true,
  }) as unknown as string;
}
