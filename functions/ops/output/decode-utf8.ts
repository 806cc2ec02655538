import { EXIT, OpsError } from './exit-codes.ts';

/**
 * The text of a file or of stdin, without a byte order mark. Other encodings are refused: letters read as others would
 * leave a pattern in the settings that matches nothing. `from`: what is read, as a sentence begins with it.
 */
export function decodeUtf8(bytes: Uint8Array, from: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new OpsError(EXIT.usage, 'not-utf8', `${from} is not UTF-8.`, 'Save it as UTF-8.', cause);
  }
}
