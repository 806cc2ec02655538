import * as z from 'zod';
import { rotatingSecretSchema } from '../../domain/source/rotating-secret.ts';
import { isWebhookSecret } from '../../domain/source/webhook-signature.ts';
import { parseJson } from '../../domain/text/parse-json.ts';
import { TicketError } from './ticket-error.ts';

/** The texts of the secrets in Secrets Manager (`secretNames.tickets`), by kind of ticket system. */
const text = z.string().min(1).max(4096);
const basic = z.strictObject({ user: text.regex(/^[^:]*$/), password: text });

/** ServiceNow: Basic, or an inbound API key (header `x-sn-apikey`; ServiceNow, "Configure API Key"). */
const servicenow = z.union([basic, z.strictObject({ apiKey: text })]);
/**
 * Jira Cloud: the account's address and an API token, as Basic (developer.atlassian.com, "Basic auth for REST APIs").
 */
const jira = z.strictObject({ email: text.regex(/^[^:]*$/), apiToken: text });
/** One or two live ones: each signs, so that the receiver may rotate (Standard Webhooks, "Zero downtime rotation"). */
const webhook = rotatingSecretSchema(isWebhookSecret);

const SCHEMAS = { servicenow, jira, webhook };
type Kind = keyof typeof SCHEMAS;

/** The form of each kind in words. */
export const TICKET_SECRET_FORMS: Record<Kind, string> = {
  servicenow: '{"user", "password"} or {"apiKey"}',
  jira: '{"email", "apiToken"}',
  webhook: '{"secrets": ["whsec_…"]}',
};

/** Checks the text of a secret as its use will. Throws `tickets-secret`, whose message contains nothing of the secret. */
export function checkTicketSecret(kind: Kind, secret: string): void {
  parseSecret(kind, secret);
}

/** Parses the text of a secret. Throws `tickets-secret`, whose message contains nothing of the secret. */
function parseSecret<K extends Kind>(kind: K, secret: string): z.output<(typeof SCHEMAS)[K]> {
  const parsed = SCHEMAS[kind].safeParse(parseJson(secret));
  if (parsed.success) return parsed.data as z.output<(typeof SCHEMAS)[K]>;
  throw new TicketError(
    'tickets-secret',
    `The secret of this ticket system is not of the form ${TICKET_SECRET_FORMS[kind]}.`,
  );
}

/** Creates the headers that authenticate the caller. */
export function authorization(kind: 'servicenow' | 'jira', secret: string): Record<string, string> {
  if (kind === 'jira') {
    const { email, apiToken } = parseSecret('jira', secret);
    return { authorization: basicAuth(email, apiToken) };
  }
  const credential = parseSecret('servicenow', secret);
  if ('apiKey' in credential) return { 'x-sn-apikey': credential.apiKey };
  return { authorization: basicAuth(credential.user, credential.password) };
}

/** Parses the secrets that sign the webhooks to a ticket system. */
export function signingSecrets(secret: string): string[] {
  return parseSecret('webhook', secret).secrets;
}

const basicAuth = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
