import { gunzipSync, gzipSync } from 'node:zlib';
import * as z from 'zod';
import { PARTITIONS, TABLE } from '../../deployment/resources.ts';
import type { RuleList } from '../../domain/group/policy-rule.ts';
import { fitsItem, MAX_ITEM_BYTES } from '../../domain/ledger/size-limits.ts';
import type { Deletion, ScanPartStore } from '../../reading/rules/scan-parts.ts';
import { epochSeconds } from './table/ledger-items.ts';
import { type LedgerTableOptions, openLedgerTable } from './table/open-ledger-table.ts';
import { parseItem } from './table/stored-item.ts';

/** The form of the packed rules: a part of another version is read anew. */
const FORM = 1;

const partSchema = z
  .object({ at: z.number(), readings: z.int(), form: z.int(), rules: z.string().optional() })
  .transform(({ form, rules, ...part }) => ({ ...part, list: form === FORM ? unpack(rules) : undefined }));

/** Leaves room for keys and counts. */
const MAX_RULES_BYTES = MAX_ITEM_BYTES - 8 * 1024;

/**
 * Stores the progress of scans in the ledger's table: `pk readers#<lane>  sk scan#<deletion>#<microtenantId>  expiresAt`.
 * Rules are packed, since those of a microtenant may be longer than an item; rules that do not fit even so are not stored.
 */
export function createScanPartStore(from: LedgerTableOptions): ScanPartStore {
  const { table } = openLedgerTable(from);
  const keyOf = ({ lane, id }: Deletion, microtenantId: string) => ({
    pk: `${PARTITIONS.readers}${lane}`,
    sk: `scan#${id}#${microtenantId}`,
  });
  return {
    async read(deletion, microtenantId) {
      const found = parseItem(await table.get(keyOf(deletion, microtenantId)), partSchema.parse);
      return found && { microtenantId, ...found };
    },
    async write(deletion, { microtenantId, at, readings, list }, keptUntil) {
      const rules = list && pack(list);
      await table.put(keyOf(deletion, microtenantId), {
        ...{ at, readings, form: FORM },
        ...(rules !== undefined && fitsItem(rules, MAX_RULES_BYTES) && { rules }),
        [TABLE.timeToLive]: epochSeconds(keptUntil),
      });
    },
  };
}

const pack = (list: RuleList): string => gzipSync(JSON.stringify(list)).toString('base64');

/** `pack` wrote it, in this form. */
const unpack = (rules: string | undefined): RuleList | undefined =>
  rules === undefined ? undefined : JSON.parse(gunzipSync(Buffer.from(rules, 'base64')).toString());
