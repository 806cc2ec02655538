import { z } from 'zod';
import { changeSchema } from '../shared/domain/change/change.ts';
import { REJECTIONS, type RejectionRow } from '../shared/domain/change/rejection-codes.ts';
import { settingsSchema } from '../shared/domain/configuration/configuration.ts';
import { driftReportSchema } from '../shared/domain/drift/report-schema.ts';
import { PROBLEMS } from '../shared/domain/http/http-problem.ts';
import { pictures } from './pictures/forms.ts';
import { securityPage } from './security-page.ts';

/** Documents made from the code, by their path in the repository. */
export function generatedDocuments(): Record<string, string> {
  return {
    'docs/change.schema.json': changeSchemaJson(),
    'docs/settings.schema.json': settingsSchemaJson(),
    'docs/drift-report.schema.json': driftReportSchemaJson(),
    'docs/rejection-codes.md': rejectionCodes(),
    'docs/security.md': securityPage(),
    ...pictures(),
  };
}

/** The schema of a change as sent: defaults may be left out (`io: 'input'`). JSON Schema cannot express the rules that span fields. */
function changeSchemaJson(): string {
  const schema = z.toJSONSchema(changeSchema, { io: 'input', target: 'draft-2020-12' });
  const title = 'A change of one ZPA segment group, schemaVersion 1';
  return `${JSON.stringify({ ...schema, title }, null, 2)}\n`;
}

/** The schema of a settings file, for editors. A file names it by `$schema`, which is no field of the settings. */
function settingsSchemaJson(): string {
  const { properties, ...schema } = z.toJSONSchema(settingsSchema, { io: 'input', target: 'draft-2020-12' });
  const fields = { $schema: { type: 'string' }, ...properties };
  return `${JSON.stringify({ ...schema, properties: fields, title: 'Settings of zpa-changes' }, null, 2)}\n`;
}

/** The schema of a drift report, for programs that read it. Additional fields pass (`io: 'input'`): they may come without a new version. */
function driftReportSchemaJson(): string {
  const schema = z.toJSONSchema(driftReportSchema, { io: 'input', target: 'draft-2020-12' });
  const title = 'A drift report of one lane, schemaVersion 2';
  return `${JSON.stringify({ ...schema, title }, null, 2)}\n`;
}

const HEAD = `# Rejection codes

<!-- Generated from shared/domain/change/rejection-codes.ts and shared/domain/http/http-problem.ts: npm run generate -->

Why a change is not carried out, as it stands in an outcome, a dead letter, on the status page and in the answers of
the webhook. The lists are closed: a code that is not here does not occur.

- _class_: \`permanent\` stays as it is until somebody acts, \`transient\` would pass by itself, \`unknown\` was not understood.
- _scope_: whose trouble it is. Only trouble of one change rejects it; trouble of a tenant or of the platform stops the lane.
- _owner_: who acts next.
`;

const ANSWERS = `
## Answers of the webhook and the status address

Refusals come as \`application/problem+json\` (RFC 9457) with \`type\`, \`title\`, \`status\`, \`detail\`, \`code\` and, for faults in
changes, \`errors\`: path, value, sentence and remedy of each. A refused delivery was accepted in no part; after a 503 some
of it may have been, and sending it again completes it. _resend_: may the same delivery be sent again unchanged, only
corrected, or not at all.
`;

function rejectionCodes(): string {
  const rows: [string, RejectionRow][] = Object.entries(REJECTIONS);
  const overview = rows.map(([code, row]) => [`[\`${code}\`](#${code})`, row.class, row.scope, row.owner, row.meaning]);
  const sections = rows.map(
    ([code, row]) =>
      `\n### ${code}\n\n${row.meaning}\n\n_What to do:_ ${row.remedy}\n\n_On the ticket:_ ${row.requester}\n\n${rowFacts(row)}\n`,
  );
  const answers = Object.entries(PROBLEMS).map(([code, row]) => [
    `${answerAnchor(code)}\`${code}\``,
    String(row.status),
    row.title,
    row.resend,
  ]);
  return [
    `${HEAD}\n`,
    table([['code', 'class', 'scope', 'owner', 'meaning'], ...overview]),
    '\n## Each code\n',
    sections.join(''),
    `${ANSWERS}\n`,
    table([['code', 'status', 'meaning', 'resend'], ...answers]),
  ].join('');
}

/** Columns padded to one width, as the formatter leaves them. */
function table([head = [], ...rows]: string[][]): string {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const rule = widths.map((width) => '-'.repeat(width));
  const lines = [head, rule, ...rows].map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)));
  return lines.map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

const rowFacts = (row: RejectionRow) => `class \`${row.class}\`, scope \`${row.scope}\`, owner \`${row.owner}\``;

/** Codes that are rejection codes too have their section above. */
const answerAnchor = (code: string) => (Object.hasOwn(REJECTIONS, code) ? '' : `<a id="${code}"></a>`);
