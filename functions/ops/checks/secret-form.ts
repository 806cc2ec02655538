import type { TenantConfiguration } from '../../../shared/domain/configuration/configuration.ts';
import type { NeededSecret } from '../../../shared/domain/configuration/needed-secrets.ts';
import { isCatalogSecret, parseRotatingSecret, rotatingKeys } from '../../../shared/domain/source/rotating-secret.ts';
import { schemeOf } from '../../../shared/domain/source/schemes.ts';
import { isWebhookSecret } from '../../../shared/domain/source/webhook-signature.ts';
import { parseJson } from '../../../shared/domain/text/parse-json.ts';
import { asSentence } from '../../../shared/domain/text/sentence.ts';
import { checkTicketSecret, TICKET_SECRET_FORMS } from '../../../shared/tickets/http/credentials.ts';
import { parseCredential } from '../../../shared/zpa/auth/credential.ts';
import { EXIT, OpsError } from '../output/exit-codes.ts';

/**
 * A secret that holds one or two live ones, so that neither side is refused while the other changes over. `parse`: the
 * live ones of a stored text, the current one first; undefined if the functions could not use it.
 */
export type RotatingForm = {
  kind: 'rotating';
  expects: string;
  isSecret: (text: string) => boolean;
  /** A new secret of random bytes. */
  make: (bytes: Buffer) => string;
  parse: (text: string) => readonly string[] | undefined;
};

/** A secret that is one credential. `check` throws if the functions could not use it, and tells nothing of it. */
export type WholeForm = { kind: 'whole'; expects: string; check: (text: string) => void };

/** The form of a secret, by the parser that the functions read it with. */
export function formOf(needed: NeededSecret): RotatingForm | WholeForm {
  switch (needed.kind) {
    case 'zpa':
      return {
        kind: 'whole',
        expects: '{"clientId", "clientSecret"} or {"clientId", "privateKey"}',
        check: (text) => checkClient(text, needed.auth),
      };
    case 'source': {
      const { kind } = needed.configured.scheme;
      const { isSecret, toSecret } = schemeOf(needed.configured.scheme);
      return rotating(`a secret of the scheme ${kind} (docs/sources.md)`, isSecret, toSecret);
    }
    case 'catalog':
      return rotating('32 to 512 characters without spaces', isCatalogSecret, asText);
    case 'status':
      return { ...rotating('generated', (key) => key !== '', asText), parse: rotatingKeys };
    case 'tickets':
    case 'tickets-read': {
      const { kind } = needed.tickets;
      if (kind === 'webhook') {
        const { toSecret } = schemeOf({ kind: 'standard-webhooks' });
        return rotating('"whsec_…"', isWebhookSecret, toSecret);
      }
      return { kind: 'whole', expects: TICKET_SECRET_FORMS[kind], check: (text) => checkTicketSecret(kind, text) };
    }
  }
}

function checkClient(text: string, auth: TenantConfiguration['auth']): void {
  if (parseCredential(text).form === 'private-key' && auth === 'legacy')
    throw new Error('"clientSecret" is missing, which the legacy API needs');
}

const asText = (bytes: Buffer) => bytes.toString('base64url');

const rotating = (expects: string, isSecret: RotatingForm['isSecret'], make: RotatingForm['make']): RotatingForm => ({
  kind: 'rotating',
  expects: `${expects}, alone or as {"secrets": ["…"]}`,
  isSecret,
  make,
  parse: (text) => parseRotatingSecret(text, isSecret),
});

/**
 * The text to store for a text that a person gave. Throws an `OpsError`, which tells nothing of it, if it could not be
 * used.
 */
export function acceptText(form: RotatingForm | WholeForm, given: string): string {
  if (form.kind === 'rotating') return storedText(acceptLive(form, given));
  try {
    form.check(given);
    return given;
  } catch (error) {
    throw malformed(form, error instanceof Error ? error.message : undefined);
  }
}

/**
 * The one or two secrets of a text that a person gave: the stored form, or a single secret as it stands in the ticket
 * system.
 */
export function acceptLive(form: RotatingForm, given: string): readonly string[] {
  const isStoredForm = typeof parseJson(given) === 'object';
  const live = isStoredForm ? parseRotatingSecret(given, form.isSecret) : [given].filter(form.isSecret);
  if (live?.[0] === undefined) throw malformed(form);
  return live;
}

export const storedText = (secrets: readonly string[]): string => JSON.stringify({ secrets });

function malformed({ expects }: { expects: string }, why?: string): OpsError {
  const sentence = asSentence(`The value is not valid${why === undefined ? '' : `: ${why}`}`);
  return new OpsError(EXIT.usage, 'secret-malformed', `${sentence} Nothing was written.`, `Expected: ${expects}.`);
}
