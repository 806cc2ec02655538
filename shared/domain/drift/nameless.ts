import type { Catalog } from '../catalog/catalog.ts';
import type { Finding, GroupRef } from './report.ts';

/** Nothing that was read names it: it is gone, or could not be read. */
export const isNameless = ({ id, name }: GroupRef): boolean => name === id;

/** Names the application segments of findings that nothing read names as these catalogs, of earlier reads, do. */
export function withNames(findings: readonly Finding[], catalogs: readonly Catalog[]): Finding[] {
  const names = new Map(
    catalogs.flatMap(({ applications }) => applications.map(({ id, name }) => [id, name] as const)),
  );
  return findings.map((finding) => {
    const { application } = finding;
    const name = application && isNameless(application) ? names.get(application.id) : undefined;
    return application && name !== undefined ? { ...finding, application: { ...application, name } } : finding;
  });
}
