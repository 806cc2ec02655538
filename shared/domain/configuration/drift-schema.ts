import * as z from 'zod';
import { namePattern } from './guard-schema.ts';

/** A tenant's settings of the drift report; docs/drift.md explains them. */

const patterns = z.array(namePattern).max(100).default([]);

const drift = z.strictObject({
  /** Names of groups that only tickets make: one without a ticket is a finding. */
  owned: patterns,
  /** Names of groups that are to come to tickets: one without a ticket is listed. */
  watched: patterns,
  /** Names of groups that others keep, for example Terraform: one without a ticket is only counted. */
  foreign: patterns,
});

const writer = z.strictObject({
  /** As people know the admin or API client. */
  name: z.string().min(1).max(100),
  /** `own`: this product's own API client. */
  kind: z.enum(['console', 'terraform', 'own']),
});

/** The fields of a tenant's configuration that the drift report classifies by. */
export const driftSettings = {
  drift: drift.prefault({}),
  /** Ids that ZPA shows as the last writer → who that is. */
  writers: z.record(z.string().regex(/^\d{1,20}$/, { error: 'must be a string of digits' }), writer).default({}),
};

const settingsOfDrift = z.strictObject(driftSettings);
/** What the drift report needs of a tenant's configuration. */
export type DriftSettings = z.output<typeof settingsOfDrift>;
