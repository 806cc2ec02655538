import { describe, expect, it } from 'vitest';
import { decodeEntities } from '../../../../shared/zpa/api/decode-entities.ts';

describe('text of ZPA', () => {
  it.each([
    ['&#x2a;&#x2e;example&#x2e;com', '*.example.com'],
    ['R&amp;D &lt;east&gt; &quot;a&quot; it&#39;s', 'R&D <east> "a" it\'s'],
    ['R&amp;amp;D', 'R&D'],
    ['R&D', 'R&D'],
    ['AT&T copy&copy', 'AT&T copy&copy'],
    ['100 % & more;', '100 % & more;'],
    ['Z&uuml;rich', 'Zürich'],
    ['', ''],
  ])('%s is %s', (wire, text) => {
    expect(decodeEntities(wire)).toBe(text);
  });

  it('what was read and is sent again reads the same, escaped never, once or twice', () => {
    const asEntities = (text: string) => text.replace(/[&<>"']/g, (one) => `&#x${one.charCodeAt(0).toString(16)};`);
    for (const stored of ['R&D <"east">', "it's", 'a;b&c;', '&&']) {
      for (const wire of [stored, asEntities(stored), asEntities(asEntities(stored))])
        expect(decodeEntities(wire)).toBe(stored);
    }
  });
});
