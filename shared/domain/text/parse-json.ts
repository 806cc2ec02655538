/**
 * The value of a JSON text; undefined if it is none. The parser's own error goes no further: V8's quotes the text, which
 * may hold a secret.
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
