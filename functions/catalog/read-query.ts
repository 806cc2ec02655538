import { z } from 'zod';
import { decodePlace } from '../../shared/domain/catalog/catalog-page.ts';
import { type CatalogEntry, grantedTenants } from '../../shared/domain/catalog/visible-entries.ts';
import type { Configuration, SourceConfiguration } from '../../shared/domain/configuration/configuration.ts';
import { type HttpAnswer, problem } from '../../shared/domain/http/http-problem.ts';
import { similarName } from '../../shared/domain/text/similar-names.ts';
import type { CatalogRequest } from './ports.ts';

/** A page is at most about 2 MB of JSON; Lambda answers with up to 6 MB (AWS: Lambda quotas). */
const MOST = 5000;

export type CatalogQuery = {
  tenants: string[];
  kind: CatalogEntry['kind'] | undefined;
  format: 'json' | 'csv';
  limit: number;
  after: string[] | undefined;
};

const parameters = z.strictObject({
  /** Who asks; read before. */
  source: z.string().optional(),
  tenant: z.string().optional(),
  kind: z.enum(['group', 'application'], { error: 'must be group or application' }).optional(),
  format: z.enum(['json', 'csv'], { error: 'must be json or csv' }).optional(),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(MOST, { error: `must be a number from 1 to ${MOST}` })
    .default(MOST),
  after: z
    .string()
    .transform((text, context) => {
      const place = decodePlace(text);
      if (place === undefined) context.addIssue('must be what "next" of a page said');
      return place ?? z.NEVER;
    })
    .optional(),
});

/** The parameters, or the answer to one that cannot be read. */
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

/** CSV only for who names it and not JSON: programs that take anything get JSON. */
function prefersCsv(accept: string | undefined): boolean {
  const types = (accept ?? '').toLowerCase();
  return types.includes('text/csv') && !types.includes('json');
}
