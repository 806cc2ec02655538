import * as z from 'zod';
import { LONGEST_CHOICE } from '../../text/same-text.ts';
import { parsePath } from './field-path.ts';
import { PRESET_NAMES } from './preset-names.ts';
import { TARGETS } from './targets.ts';
import { isTimeZone } from './time-zone.ts';

/** The schema of a source's mapping; `map-ticket.ts` applies it, docs/mapping.md explains it. */

const path = z
  .string()
  .max(200)
  .refine((text) => parsePath(text) !== undefined, {
    error: 'must be a field path, for example variables.zpa_group or issue.fields.customfield_10051[*].value',
  });

const paths = z.union([path, z.array(path).min(1).max(10)], {
  error: 'must be a field path, or a list of them, for example issue.fields.customfield_10051[*].value',
});

const zone = z.string().max(64).refine(isTimeZone, { error: 'must be an IANA zone, for example UTC or Europe/Berlin' });

const chosen = z.union([z.string().max(4000), z.boolean(), z.array(z.string().max(255)).max(1000)], {
  error: 'must be text, true, false or a list of texts',
});

const TRANSFORM =
  'must be "trim", "lines", "json", "rows", "yesNo", "jiraText", {"split": ","}, {"utc": "Europe/Berlin"} (an IANA zone), ' +
  '{"lookup": {…}} or {"columns": […], "by": ";"}';

const transform = z.union(
  [
    /** `rows`: a JSON list, or text with one entry per line. `jiraText`: Jira's rich text → plain text. */
    z.enum(['trim', 'lines', 'json', 'rows', 'yesNo', 'jiraText']),
    z.strictObject({ split: z.string().min(1).max(10) }),
    /** The zone in which the ticket system writes the time. */
    z.strictObject({ utc: zone }),
    /** Maps the ticket's text, in any case, to a value; `otherwise` for every other text, null: as if left blank. */
    z.strictObject({
      lookup: z.record(z.string().max(LONGEST_CHOICE), chosen),
      otherwise: chosen.nullable().optional(),
    }),
    /** `Remote Access; add; wiki` → a line with these fields. */
    z.strictObject({
      columns: z
        .array(z.string().regex(/^\w{1,64}$/))
        .min(2)
        .max(20),
      by: z.string().min(1).max(10),
    }),
  ],
  { error: TRANSFORM },
);

export type Transform = z.output<typeof transform>;

const ACTIONS = z.enum(['create', 'update', 'delete']);

const row = z.strictObject({
  /** The field to read; of several, the first that is filled in. */
  from: paths.optional(),
  /** Instead of `from`: a constant value. */
  value: chosen.optional(),
  /** The value if the field is not filled in. */
  default: chosen.optional(),
  transform: z.array(transform).max(10).optional(),
  to: z.enum(TARGETS).optional(),
  /** True if the value is the name or the id of a group or application. */
  as: z.enum(['name', 'id']).optional(),
  required: z.boolean().optional(),
  /** The row counts for these actions only. */
  only: z.array(ACTIONS).min(1).optional(),
});

export type MappingRow = z.output<typeof row>;

const each = z.strictObject({ from: paths, transform: z.array(transform).max(10).optional() });

/** The part of a table that a preset states and a configuration may extend or override, row by row. */
const table = {
  /**
   * A list in the payload whose entries become one change each; null: one change per ticket, whatever the preset
   * states.
   */
  each: each.nullable().optional(),
  /** Whether the rest of a ticket's changes stop or continue when one of them is rejected. */
  onReject: z.enum(['stop', 'continue']).optional(),
  /** Rows by name. A row with the name of a preset's row overrides its fields one by one; null removes the row. */
  rows: z.record(z.string().regex(/^[A-Za-z][\w .-]{0,63}$/), row.nullable()).optional(),
};

const tableSchema = z.strictObject(table);

export type MappingTable = z.output<typeof tableSchema>;

/** The fields of a mapping alone; `mappingSchema` adds the rules that span fields. */
export const mappingShape = z.strictObject({
  /** The table that the configuration extends. */
  preset: z.enum(PRESET_NAMES).optional(),
  ...table,
  /** Instead of a table: JSONata that returns `{"ticket": "…", "requestedBy": "…", "changes": [ … ]}`. */
  jsonata: z.string().min(1).max(16_384).optional(),
  /** Fields that the expression reads and that an approval must cover; absent: every field. */
  reads: z.array(path).min(1).max(100).optional(),
});

export type TableMapping = Omit<z.output<typeof mappingShape>, 'jsonata' | 'reads'>;

export type ExpressionMapping = { jsonata: string; reads?: string[] | undefined };
