import type { BareContext } from '../../../session/command.ts';
import type { MadeSecret } from '../secrets/make-secrets.ts';
import { SYS_ID } from '../source/check-flags.ts';
import type { Connected, Form } from './form.ts';
import { jiraSending } from './forms-jira.ts';
import { githubSending, toolSending } from './forms-others.ts';
import { servicenowSending } from './forms-servicenow.ts';
import { showForms, showSecret, writeBusinessRule } from './show-forms.ts';

type Guided = { made: readonly MadeSecret[]; first: number; credentialId: string | undefined };

/**
 * Shows the forms of what sends deliveries, and in the form that takes it each secret that was just generated. A person is waited
 * for, so that the secret is entered before more is printed.
 */
export async function guideSending(context: BareContext, connected: Connected, guided: Guided): Promise<Form[]> {
  const { tickets, scheme } = connected.source;
  context.terminal.say('');
  context.terminal.say(`The address of the webhook: ${context.terminal.colours.bold(connected.address)}`);
  if (tickets?.kind === 'servicenow') return guideServiceNow(context, connected, guided);
  const forms =
    tickets?.kind === 'jira'
      ? jiraSending(connected, tickets)
      : scheme.kind === 'github'
        ? githubSending(connected)
        : toolSending(connected);
  let number = guided.first;
  for (const form of forms) {
    showForms(context, [form], number);
    number += 1;
    if (handOver(context, form, guided.made)) await waitForEnter(context);
  }
  return forms;
}

/** The business rule names the record of the credential, which exists once its form is saved. */
async function guideServiceNow(
  context: BareContext,
  connected: Connected,
  { made, first, credentialId }: Guided,
): Promise<Form[]> {
  const [credential, ...rest] = servicenowSending('', '');
  if (credential === undefined) return [];
  showForms(context, [credential], first);
  handOver(context, credential, made);
  const answer =
    credentialId ??
    (await context.terminal.ask({
      message: 'sys_id of the saved credential (empty: you fill it into the script)',
      preset: '',
      fault: (given) => (given === '' || SYS_ID.test(given.trim()) ? undefined : 'must be 32 letters and digits'),
    }));
  const sysId = (answer ?? '').trim();
  const script = await writeBusinessRule(context, connected, sysId);
  const [, rule] = servicenowSending(script, sysId);
  const forms = rule === undefined ? rest : [rule];
  showForms(context, forms, first + 1);
  return [credential, ...forms];
}

/** Shows the secret that a form takes. True if a person has to enter it now. */
function handOver(context: BareContext, { secret }: Form, made: readonly MadeSecret[]): boolean {
  const found = made.find(({ kind }) => kind === secret);
  if (found !== undefined) showSecret(context, found);
  return found?.value !== undefined;
}

async function waitForEnter({ terminal }: BareContext): Promise<void> {
  await terminal.ask({ message: 'Press Enter once it is entered', preset: '', fault: () => undefined });
}
