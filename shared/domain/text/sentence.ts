/**
 * Formats a sentence for display: it begins with a capital and ends with a full stop. A text that begins with a quote
 * or an identifier (`"Remote Access" is …`, `set.name must …`) keeps its beginning, and a cut text keeps its mark.
 */
export function asSentence(text: string): string {
  const trimmed = text.trim();
  const [first = ''] = trimmed.split(/\s/, 1);
  const word = /^\p{Ll}[\p{Ll}\p{N}'’-]*[,;:]?$/u.test(first);
  const begun = word ? trimmed.charAt(0).toUpperCase() + trimmed.slice(1) : trimmed;
  return begun === '' || /([.!?…]|\(cut\))["”’)]?$/.test(begun) ? begun : `${begun}.`;
}

/** Formats a count with its noun: `1 rule`, `3 rules`. */
export function formatCount(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
