import { createHash } from 'node:crypto';

/** A message attribute as the JSON protocol carries it; `BinaryValue` is base64. */
export type MessageAttribute = { DataType: string; StringValue?: string | undefined; BinaryValue?: string | undefined };

export const md5 = (text: string): string => createHash('md5').update(text, 'utf8').digest('hex');

/**
 * "Calculating the MD5 message digest for message attributes" (SQS developer guide): names sorted, every part preceded
 * by its length in four bytes, one byte telling strings (1) from binaries (2).
 */
export function md5OfAttributes(attributes: Record<string, MessageAttribute>): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const hash = createHash('md5');
  const add = (part: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(part.length);
    hash.update(length).update(part);
  };
  for (const name of names) {
    const attribute = attributes[name];
    if (attribute === undefined) continue;
    const binary = attribute.BinaryValue !== undefined;
    add(Buffer.from(name, 'utf8'));
    add(Buffer.from(attribute.DataType, 'utf8'));
    hash.update(Buffer.from([binary ? 2 : 1]));
    add(binary ? Buffer.from(attribute.BinaryValue ?? '', 'base64') : Buffer.from(attribute.StringValue ?? '', 'utf8'));
  }
  return hash.digest('hex');
}
