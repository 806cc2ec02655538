import { z } from 'zod';
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
