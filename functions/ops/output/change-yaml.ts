import { Document, visit } from 'yaml';
import type { GeneratedChange } from '../../../shared/domain/drift/resolve/number-changes.ts';
import { visible } from '../../../shared/domain/text/visible-text.ts';

/** A change as a YAML document. References stand on a line of their own, with the object's name as a comment where it is known. */
export function changeYaml(change: GeneratedChange, names: ReadonlyMap<string, string>): string {
  const document = new Document(change, { aliasDuplicateObjects: false });
  visit(document, {
    Map(_key, map) {
      const id = map.get('id');
      if (map.items.length !== 1 || typeof id !== 'string') return;
      map.flow = true;
      const name = names.get(id);
      if (name !== undefined) map.comment = ` ${visible(name)}`;
    },
  });
  return document.toString({ lineWidth: 0 });
}
