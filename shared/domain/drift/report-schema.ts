import * as z from 'zod';
import { parseJson } from '../text/parse-json.ts';
import type { DriftReport } from './report.ts';

const instant = z.iso.datetime();
const count = z.int().min(0);
const groupRef = z.object({ id: z.string(), name: z.string() });
const place = z.union([groupRef, z.enum(['no-group', 'gone'])]);
const facet = z.union([
  z.enum(['exists', 'name', 'description', 'enabled']),
  z.templateLiteral([z.literal('app:'), z.string()]),
]);
const kind = z.enum(['missing', 'resurrected', 'changed', 'added', 'removed', 'unmanaged']);
/** Commands name a finding by its id, so it holds nothing that a shell interprets. */
const findingId = z.string().regex(/^D-[\w-]{8}$/);

const approval = z.object({ key: z.string(), source: z.string(), ticket: z.string(), at: instant });

const writer = z.object({
  id: z.string(),
  // ZPA's own stamp: a report is not unreadable because one of them is odd.
  at: z.string().exactOptional(),
  of: z.enum(['group', 'application']),
  name: z.string().exactOptional(),
  kind: z.enum(['console', 'terraform', 'own', 'unknown']),
});

const access = z.discriminatedUnion('read', [
  z.object({ read: z.literal('not-needed') }),
  z.object({ read: z.literal('not-read'), reason: z.string() }),
  z.object({
    read: z.literal('read'),
    exposes: z.boolean(),
    interrupts: z.boolean(),
    rules: z.array(z.object({ policyType: z.string(), id: z.string(), name: z.string(), gains: count, loses: count })),
    ruleCount: count,
  }),
]);

const finding = z.object({
  id: findingId,
  facet,
  kind,
  state: z.enum(['new', 'still', 'ignored', 'in-flight']),
  since: z.object({ after: instant.exactOptional(), upTo: instant }),
  group: groupRef.extend({ microtenantId: z.string(), tenant: z.string() }),
  application: groupRef.exactOptional(),
  before: z.string(),
  after: z.string(),
  from: groupRef.exactOptional(),
  to: place.exactOptional(),
  lastTo: place.exactOptional(),
  deletedId: z.string().exactOptional(),
  writer: writer.exactOptional(),
  approval: approval.exactOptional(),
  access,
  ignored: z
    .object({ reason: z.string(), until: instant, by: z.string(), at: instant, live: z.string() })
    .exactOptional(),
  pending: count.exactOptional(),
});

const coverage = z.object({
  live: count,
  managed: count,
  fullyStated: count,
  partlyStated: count,
  unmanaged: count,
  foreign: count,
  notChecked: count,
  drifted: count,
});

/** The drift report, version 2, as `DriftReport` types it. Additional fields pass: they do not increase the version. */
export const driftReportSchema = z.object({
  schemaVersion: z.literal(2),
  lane: z.string(),
  tenants: z.array(z.string()),
  startedAt: instant,
  finishedAt: instant,
  complete: z.boolean(),
  onlyMicrotenants: z.array(z.string()).exactOptional(),
  coverage,
  findings: z.array(finding),
  notChecked: z.array(
    z.object({
      tenant: z.string(),
      microtenantId: z.string().exactOptional(),
      groupId: z.string().exactOptional(),
      code: z.string(),
      reason: z.string(),
      groups: count,
      since: instant,
      partSince: instant.exactOptional(),
    }),
  ),
  unchecked: z.array(finding).exactOptional(),
  closed: z.array(
    z.object({
      id: findingId,
      kind,
      facet,
      group: groupRef,
      tenant: z.string(),
      at: instant,
      by: approval.exactOptional(),
    }),
  ),
  unmanaged: z.array(
    groupRef.extend({
      microtenantId: z.string(),
      enabled: z.boolean(),
      applicationCount: count,
      pattern: z.enum(['owned', 'watched', 'none']),
      writer: writer.exactOptional(),
    }),
  ),
  history: z.array(
    z.object({
      at: instant,
      complete: z.boolean(),
      new: count,
      still: count,
      ignored: count,
      closed: count,
      notChecked: count,
      managed: count,
    }),
  ),
  startedAfresh: z.enum(['no-earlier-report', 'earlier-report-unreadable']).exactOptional(),
});

/** Reads an earlier report back; undefined: the text is no report of version 2. */
export function parseReport(text: string): DriftReport | undefined {
  return driftReportSchema.safeParse(parseJson(text)).data;
}
