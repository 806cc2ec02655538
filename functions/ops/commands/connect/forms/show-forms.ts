import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { visible } from '../../../../../shared/domain/text/visible-text.ts';
import type { BareContext } from '../../../session/command.ts';
import { CHECKOUT } from '../../init/file-texts.ts';
import type { MadeSecret } from '../secrets/make-secrets.ts';
import type { Connected, Form } from './form.ts';

/** Prints forms with their values filled in, numbered from `first` on. */
export function showForms({ terminal }: BareContext, forms: readonly Form[], first: number): void {
  forms.forEach(({ title, where, head, rows, notes }, index) => {
    terminal.say('');
    terminal.say(terminal.colours.bold(`${first + index}. ${title}`));
    terminal.say(`   ${where}`);
    terminal.table(head, rows);
    for (const note of notes) terminal.say(`   ${note}`);
  });
}

/**
 * Gives the person a generated secret, on the screen alone: it is in no result, which may be kept in a file. Says where it is
 * otherwise.
 */
export function showSecret({ terminal, processContext }: BareContext, { name, value, file }: MadeSecret): void {
  if (value !== undefined) {
    processContext.console.err(`\n   ${terminal.colours.bold(value)}\n\n`);
    terminal.say(`   This is ${name}. Enter it now: it is not shown again.`);
  } else if (file !== undefined)
    terminal.say(`   ${name} is in ${visible(file, 500)}. Delete the file once it is entered.`);
  else
    terminal.say(
      `   ${name} was made before, and is not shown again. If it is lost: zpa-changes secrets rotate ${name}.`,
    );
}

const TEMPLATE = 'docs/servicenow/business-rule.js';

/** Writes the business rule with its three lines filled in, and answers its path below the working folder. */
export async function writeBusinessRule(
  { processContext: { cwd } }: BareContext,
  { name, source, address }: Connected,
  credentialId: string,
): Promise<string> {
  const template = await readFile(join(CHECKOUT, TEMPLATE), 'utf8');
  const file = join('.zpa-changes', `${name}-business-rule.js`);
  await mkdir(join(cwd, '.zpa-changes'), { recursive: true, mode: 0o700 });
  await writeFile(join(cwd, file), fillIn(template, { address, credentialId, user: source.approval?.integrationUser }));
  return file;
}

/** Fills in the three lines of the business rule. */
export function fillIn(
  template: string,
  { address, credentialId, user = 'zpa.changes' }: { address: string; credentialId: string; user?: string | undefined },
): string {
  const line = (variable: string, value: string) =>
    [new RegExp(`var ${variable} = '[^']*';`), () => `var ${variable} = ${quote(value)};`] as const;
  const lines = [line('ADDRESS', address), line('INTEGRATION_USER', user)];
  const credential = credentialId === '' ? [] : [line('CREDENTIAL', credentialId)];
  return [...lines, ...credential].reduce((text, [pattern, value]) => text.replace(pattern, value), template);
}

const quote = (text: string) => `'${text.replace(/[\\']/g, '\\$&')}'`;
