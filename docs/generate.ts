import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { generatedDocuments } from './generated.ts';

/** `npm run generate`: writes the documents that are made from the code. A test fails where they are not current. */
for (const [path, text] of Object.entries(generatedDocuments())) {
  const file = resolve(import.meta.dirname, '..', path);
  mkdirSync(resolve(file, '..'), { recursive: true });
  writeFileSync(file, text);
}
