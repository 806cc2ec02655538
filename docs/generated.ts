import { z } from 'zod';
import { changeSchema } from '../shared/domain/change.ts';
import { PROBLEMS } from '../shared/domain/problem.ts';
import { REJECTIONS, type RejectionRow } from '../shared/domain/rejection-codes.ts';

/** Documents made from the code, by their path in the repository. */
export function generatedDocuments(): Record<string, string> {
  return { 'docs/change.schema.json': changeSchemaJson(), 'docs/rejection-codes.md': rejectionCodes() };
}

/** What may be sent: defaults may be left out (`io: 'input'`). The rules that span fields cannot be said in JSON Schema. */
function changeSchemaJson(): string {
  const schema = z.toJSONSchema(changeSchema, { io: 'input', target: 'draft-2020-12' });
  const title = 'A change of one ZPA segment group, schemaVersion 1';
  return `${JSON.stringify({ ...schema, title }, null, 2)}\n`;
}

const HEAD = `# Rejection codes

<!-- Generated from shared/domain/rejection-codes.ts and shared/domain/problem.ts: npm run generate -->

Why a change is not carried out, as it stands in an outcome, a dead letter, on the status page and in the answers of
the webhook. The lists are closed: a code that is not here does not occur.

- *class*: \`permanent\` stays as it is until somebody acts, \`transient\` would pass by itself, \`unknown\` was not understood.
- *scope*: whose trouble it is. Only trouble of one change rejects it; trouble of a tenant or of the platform stops the lane.
- *owner*: who acts next.
`;

const ANSWERS = `
## Answers of the webhook and the status address

Refusals come as \`application/problem+json\` (RFC 9457) with \`type\`, \`title\`, \`status\`, \`detail\`, \`code\` and, for faults in
changes, \`errors\`: path, value, sentence and remedy of each. A refused delivery was accepted in no part; after a 503 some
of it may have been, and sending it again completes it. *resend*: may the same delivery be sent again unchanged, only
corrected, or not at all.
`;

function rejectionCodes(): string {
  const rows: [string, RejectionRow][] = Object.entries(REJECTIONS);
  const overview = rows.map(
    ([code, row]) => `| [\`${code}\`](#${code}) | ${row.class} | ${row.scope} | ${row.owner} | ${row.meaning} |`,
  );
  const sections = rows.map(
    ([code, row]) => `\n### ${code}\n\n${row.meaning}\n\n*What to do:* ${row.remedy}\n\n${rowFacts(row)}\n`,
  );
  const answers = Object.entries(PROBLEMS).map(
    ([code, row]) => `| ${answerAnchor(code)}\`${code}\` | ${row.status} | ${row.title} | ${row.resend} |`,
  );
  return [
    HEAD,
    '\n| code | class | scope | owner | meaning |\n|---|---|---|---|---|\n',
    `${overview.join('\n')}\n`,
    '\n## Each code\n',
    sections.join(''),
    ANSWERS,
    '\n| code | status | meaning | resend |\n|---|---|---|---|\n',
    `${answers.join('\n')}\n`,
  ].join('');
}

const rowFacts = (row: RejectionRow) => `class \`${row.class}\`, scope \`${row.scope}\`, owner \`${row.owner}\``;

/** Codes that are rejection codes too have their section above. */
const answerAnchor = (code: string) => (Object.hasOwn(REJECTIONS, code) ? '' : `<a id="${code}"></a>`);
