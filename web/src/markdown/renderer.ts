import createMarkdownIt, { type Env, type MarkdownIt } from 'markdown-it';
import type { PassageRef } from 'weir';

import { addCitations } from './citations.ts';

/** What a text is rendered with; markdown-it keeps the link definitions that it meets here too. */
export interface Environment extends Env {
  sources: PassageRef[];
  /** Level of the text's first heading. */
  topHeading?: number;
}

export const markdown = createMarkdown();

function createMarkdown(): MarkdownIt {
  const md = createMarkdownIt({ html: false, linkify: true });
  // "README.md" is a file, not a host in Moldova.
  md.linkify.set({ fuzzyLink: false, fuzzyEmail: false });
  addCitations(md);
  softenLinks(md);
  showImagesAsLinks(md);
  lowerHeadings(md);
  alignByClass(md);
  return md;
}

/** Links open beside the page and tell nothing about it; other schemes stay plain text. */
function softenLinks(md: MarkdownIt): void {
  md.validateLink = isOutside;
  md.renderer.rules['link_open'] = (tokens, index, options, _env, self) => {
    const token = tokens[index];
    token?.attrSet('rel', 'noopener noreferrer');
    token?.attrSet('target', '_blank');
    return self.renderToken(tokens, index, options);
  };
}

function isOutside(address: string): boolean {
  return /^(?:https?:\/\/|mailto:)/i.test(address.trim());
}

/** Showing an image would tell its server who reads what: it is named instead. */
function showImagesAsLinks(md: MarkdownIt): void {
  md.renderer.rules['image'] = (tokens, index) => {
    const image = tokens[index];
    const name = md.utils.escapeHtml(image?.content || 'image');
    const opened = tokens.slice(0, index).reduce((depth, { type }) => depth + linkDepth(type), 0);
    if (opened > 0) return name;
    const address = md.utils.escapeHtml(String(image?.attrGet('src') ?? ''));
    return `<a href="${address}" target="_blank" rel="noopener noreferrer">${name}</a>`;
  };
}

function linkDepth(type: string): number {
  if (type === 'link_open') return 1;
  return type === 'link_close' ? -1 : 0;
}

/** The page's own headings are h1 and h2, so an answer's first is an h3, whatever it was before. */
function lowerHeadings(md: MarkdownIt): void {
  md.core.ruler.push('lower_headings', ({ tokens, env }) => {
    const shared = env as Environment;
    for (const token of tokens) {
      if (!token.type.startsWith('heading_')) continue;
      const level = Number(token.tag.slice(1));
      shared.topHeading ??= level;
      token.tag = `h${Math.min(6, Math.max(3, level - shared.topHeading + 3))}`;
    }
  });
}

/** A style attribute would be refused by the page's policy. */
function alignByClass(md: MarkdownIt): void {
  for (const cell of ['th_open', 'td_open']) {
    md.renderer.rules[cell] = (tokens, index) => {
      const token = tokens[index];
      const side = /right|center/.exec(String(token?.attrGet('style') ?? ''))?.[0];
      return side ? `<${token?.tag} class="align-${side}">` : `<${token?.tag}>`;
    };
  }
}
