import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { generatedDocuments } from '../../../docs/generated.ts';
import { REJECTIONS } from '../../../shared/domain/change/rejection-codes.ts';
import { PROBLEMS } from '../../../shared/domain/http/http-problem.ts';

const root = resolve(import.meta.dirname, '../../..');
const documents = generatedDocuments();

describe('generated documents', () => {
  it.each(Object.keys(documents))('%s is current; otherwise run: npm run generate', (path) => {
    expect(readFileSync(resolve(root, path), 'utf8')).toBe(documents[path]);
  });

  it('have an anchor for every code a problem can point to', () => {
    const text = documents['docs/rejection-codes.md'] ?? '';
    for (const code of Object.keys(REJECTIONS)) expect(text).toContain(`\n### ${code}\n`);
    for (const code of Object.keys(PROBLEMS)) expect(text).toMatch(new RegExp(`(### ${code}\n|<a id="${code}">)`));
  });
});
