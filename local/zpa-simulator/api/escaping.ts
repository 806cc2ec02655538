import type { Quirks } from '../behaviour/chosen-quirks.ts';

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#x27;' };

const once = (text: string): string => text.replace(/[&<>"']/g, (one) => ENTITIES[one] ?? one);
const wide = (text: string): string =>
  text.replace(/[^\p{L}\p{N}\s_:,-]/gu, (one) => `&#x${one.codePointAt(0)?.toString(16)};`);

/** A stored name or description as it is shown in an answer. */
export function shown(text: string, quirks: Quirks): string {
  switch (quirks.get('escape')) {
    case 'once':
      return once(text);
    case 'twice':
      return once(once(text));
    case 'wide':
      return wide(text);
    case 'off':
      return text;
  }
}
