import * as z from 'zod';
import { parseJson } from '../text/parse-json.ts';

/**
 * A secret as its text holds it: `{"secrets": [current]}`, and while a rotation lasts `{"secrets": [current, previous]}`.
 * Each of them is of the form that `isSecret` tells.
 */
export function rotatingSecretSchema(isSecret: (secret: string) => boolean) {
  return z.strictObject({ secrets: z.array(z.string().refine(isSecret)).min(1).max(2) });
}

/** The secrets of a text, the current one first; undefined if it is not of that form. */
export function parseRotatingSecret(text: string, isSecret: (secret: string) => boolean): string[] | undefined {
  return rotatingSecretSchema(isSecret).safeParse(parseJson(text)).data?.secrets;
}

/** True if a text can be a secret with which a source fetches its catalog. */
export const isCatalogSecret = (text: string): boolean => /^[\x21-\x7e]{32,512}$/.test(text);

/**
 * The keys of a secret that is a generated key itself, or a list of them while and after a rotation; the current one
 * first. What the previous one made is still known by it.
 */
export function rotatingKeys(text: string): readonly [string, ...string[]] {
  const [current, ...previous] = parseRotatingSecret(text, (key) => key !== '') ?? [text];
  return [current ?? text, ...previous];
}
