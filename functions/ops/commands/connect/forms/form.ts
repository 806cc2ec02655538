import type { SourceConfiguration } from '../../../../../shared/domain/configuration/configuration.ts';
import type { MadeSecret } from '../secrets/make-secrets.ts';

/**
 * A form of the ticket system. `where`: its place in the menus; `rows`: what is entered, by the label of the field, in as many
 * columns as `head` has; `secret`: the kind of the secret that is entered in this form; `notes`: what else is to be done.
 */
export type Form = {
  title: string;
  where: string;
  head: string[];
  rows: string[][];
  secret?: MadeSecret['kind'];
  notes: string[];
};

/** A source as its forms and steps need it; `address`: of its webhook. */
export type Connected = { name: string; source: SourceConfiguration; address: string };

export const FIELDS = ['field', 'value'];
