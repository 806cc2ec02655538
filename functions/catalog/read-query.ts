import * as z from 'zod';
import { decodePlace } from '../../shared/domain/catalog/catalog-page.ts';
import { type CatalogEntry, grantedTenants } from '../../shared/domain/catalog/visible-entries.ts';
import type { Configuration, SourceConfiguration } from '../../shared/domain/configuration/configuration.ts';
import { type HttpAnswer, problem } from '../../shared/domain/http/http-problem.ts';
import { similarName } from '../../shared/domain/text/similar-names.ts';
import type { CatalogRequest } from './ports.ts';

/** The most entries of a page: about 2 MB of JSON; Lambda answers with up to 6 MB (AWS: Lambda quotas). */
const MAX_ENTRIES = 5000;

export type CatalogQuery = {
  tenants: string[];
  kind: CatalogEntry['kind'] | undefined;
  format: 'json' | 'csv';
  limit: number;
  after: string[] | undefined;
};

const parameters = z.strictObject({
  /** The source; `authenticate` has read it. */
  source: z.string().optional(),
  tenant: z.string().optional(),
  kind: z.enum(['group', 'application'], { error: 'must be group or application' }).optional(),
  format: z.enum(['json', 'csv'], { error: 'must be json or csv' }).optional(),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(MAX_ENTRIES, { error: `must be a number from 1 to ${MAX_ENTRIES}` })
    .default(MAX_ENTRIES),
  after: z
    .string()
    .transform((text, context) => {
      const place = decodePlace(text);
      if (place === undefined) context.addIssue('must be what "next" of a page said');
      return place ?? z.NEVER;
    })
    .optional(),
});

/** Reads the parameters, or answers the refusal of one that cannot be read. */
export function readQuery(
  configuration: Configuration,
  source: SourceConfiguration,
  { query, headers }: CatalogRequest,
): CatalogQuery | { refusal: HttpAnswer } {
  const parsed = parameters.safeParse(query);
  if (!parsed.success) return { refusal: invalid(sentenceOf(parsed.error.issues[0])) };
  const { tenant, kind, format, limit, after } = parsed.data;
  const granted = grantedTenants(source, configuration);
  if (tenant !== undefined && !granted.includes(tenant)) {
    const known = granted.length === 0 ? 'none: it has no grants' : granted.join(', ');
    return { refusal: invalid(`tenant: is not one that this source has a grant for. It has ${known}.`) };
  }
  const tenants = tenant === undefined ? granted : [tenant];
  return { tenants, kind, format: format ?? (prefersCsv(headers.accept) ? 'csv' : 'json'), limit, after };
}

function sentenceOf(issue: z.core.$ZodIssue | undefined): string {
  if (issue?.code !== 'unrecognized_keys') return `${issue?.path.join('.')}: ${issue?.message}.`;
  const [name = ''] = issue.keys;
  const near = similarName(name, Object.keys(parameters.shape));
  return `${JSON.stringify(name.slice(0, 40))} is no parameter${near === undefined ? '' : `; "${near}" is`}.`;
}

const invalid = (detail: string) => problem('invalid-query', { detail });

/** CSV only if the client names it and not JSON; a client that accepts anything gets JSON. */
function prefersCsv(accept: string | undefined): boolean {
  const types = (accept ?? '').toLowerCase();
  return types.includes('text/csv') && !types.includes('json');
}
