import type { Configuration } from '../../../shared/domain/configuration/configuration.ts';
import { type NeededSecret, neededSecrets } from '../../../shared/domain/configuration/needed-secrets.ts';
import { formOf, type RotatingForm } from './secret-form.ts';

/**
 * A secret that the settings ask for. `parse` throws an error that holds nothing of the secret; without it the value is
 * not looked at, because `readBy` alone may read it. `remedy`: how to store one.
 */
export type ExpectedSecret = { name: string; remedy: string } & (
  | { parse: (text: string) => void }
  | { readBy: string }
);

/** The secrets that the settings ask for, and the key of status links. */
export const expectedSecrets = (configuration: Configuration): ExpectedSecret[] =>
  neededSecrets(configuration).map((needed) => ({
    name: needed.name,
    remedy:
      needed.kind === 'status'
        ? 'Deploy the stack, which makes it.'
        : `zpa-changes secrets set ${needed.name.slice(configuration.name.length + 1)}`,
    ...(readerOf(needed) ?? { parse: parserOf(needed) }),
  }));

function readerOf(needed: NeededSecret): { readBy: string } | undefined {
  if (needed.kind === 'status') return { readBy: 'functions' };
  return needed.kind === 'zpa' && needed.right === 'write' ? { readBy: 'apply' } : undefined;
}

function parserOf(needed: NeededSecret): (text: string) => void {
  const form = formOf(needed);
  return form.kind === 'whole' ? form.check : (text) => checkRotating(form, text);
}

function checkRotating({ parse, expects }: RotatingForm, text: string): void {
  if (parse(text) === undefined) throw new Error(`it is not ${expects}`);
}
