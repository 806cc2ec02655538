import { readFileSync } from 'node:fs';
import * as z from 'zod';

const schema = z.object({ version: z.string() });

/** The version of this checkout. */
export function productVersion(): string {
  const file = new URL('../../../package.json', import.meta.url);
  return schema.parse(JSON.parse(readFileSync(file, 'utf8'))).version;
}
