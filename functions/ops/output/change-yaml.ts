import { Document, visit } from 'yaml';
import { UNSEEN_CHARACTER, visible } from '../../../shared/domain/text/visible-text.ts';

/** Characters of foreign text that a terminal or an editor obeys. A line break is part of YAML itself. */
const HIDDEN = new RegExp(`(?!\\n)(?:${UNSEEN_CHARACTER})`, 'gu');

/**
 * A change as a YAML document. References stand on a line of their own, with the object's name as a comment where it is known.
 * Hidden characters are escaped, in which form YAML reads the same text.
 */
export function changeYaml(change: object, names: ReadonlyMap<string, string>): string {
  const document = new Document(change, { aliasDuplicateObjects: false });
  visit(document, {
    Scalar(_key, scalar) {
      if (typeof scalar.value !== 'string') return;
      // A block of blanks alone loses its first line when it is read.
      if (scalar.value.search(HIDDEN) >= 0 || scalar.value.trim() === '') scalar.type = 'QUOTE_DOUBLE';
    },
    Map(_key, map) {
      const id = map.get('id');
      if (map.items.length !== 1 || typeof id !== 'string') return;
      map.flow = true;
      const name = names.get(id);
      if (name !== undefined) map.comment = ` ${visible(name)}`;
    },
  });
  return document.toString({ lineWidth: 0 }).replaceAll(HIDDEN, escapeOf);
}

/** In a quoted scalar, YAML reads `\\U` and eight hexadecimal digits as the character. */
const escapeOf = (char: string) => `\\U${(char.codePointAt(0) ?? 0).toString(16).padStart(8, '0')}`;
