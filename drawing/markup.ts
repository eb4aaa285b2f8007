/** HTML and SVG as text. Invariant: whatever is put into a template is escaped, unless it came out of one. */
import { html, raw } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';

export type Markup = HtmlEscapedString;
type Piece = string | number | Markup | undefined | false;
export type MarkupValue = Piece | readonly Piece[];

/** Absent pieces and `false` leave nothing behind; lists are joined. */
export function markup(strings: TemplateStringsArray, ...values: readonly MarkupValue[]): Markup {
  const made = html(strings, ...values.map((value) => (value === undefined || value === false ? '' : value)));
  if (made instanceof Promise) throw new Error('Invariant: a page is made of what is there already');
  return made;
}

/** Our own style sheets and scripts; never anything that came from outside. */
export const trusted = (text: string): Markup => raw(text);
