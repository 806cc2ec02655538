import * as z from 'zod';
import { parseJson } from '../../../../shared/domain/text/parse-json.ts';
import type { SettingsReader } from '../../../../shared/ports/settings-store.ts';
import { describeVersion, type VersionText } from './version-text.ts';

/** A tenant or source that an edit brings back; `removed`: in which version it was removed, by whom, when and why. */
export type Return = { kind: 'tenant' | 'source'; name: string; removed: string };

/** Versions further back are not looked at. */
const LOOKED_AT = 20;

/** Finds what an edit adds although it was removed before: an older file brings back what somebody took out of use. */
export async function findReturns(
  store: SettingsReader,
  { before, after }: { before: VersionText; after: VersionText },
): Promise<Return[]> {
  if (before.text === undefined) return [];
  const present = namesIn(before.text);
  let added = namesIn(after.text).filter((one) => !isAmong(present, one));
  const found: Return[] = [];
  for (let back = 1; back <= LOOKED_AT && back < before.version && added.length > 0; back += 1) {
    const version = before.version - back;
    const stored = await store.readVersion(version);
    if (stored === undefined || !('text' in stored)) continue;
    const former = namesIn(stored.text);
    const returning = added.filter((one) => isAmong(former, one));
    if (returning.length === 0) continue;
    const removed = describeRemoval(version + 1, await store.readVersion(version + 1));
    found.push(...returning.map((one) => ({ ...one, removed })));
    added = added.filter((one) => !isAmong(former, one));
  }
  return found;
}

const describeRemoval = (version: number, stored: Awaited<ReturnType<SettingsReader['readVersion']>>) =>
  stored !== undefined && 'text' in stored
    ? describeVersion(stored)
    : `version ${version}, which cannot be read, or later`;

type Name = Pick<Return, 'kind' | 'name'>;

const isAmong = (names: readonly Name[], { kind, name }: Name) =>
  names.some((one) => one.kind === kind && one.name === name);

const names = z.record(z.string(), z.unknown()).catch({});
const written = z.object({ tenants: names, sources: names }).catch({ tenants: {}, sources: {} });

function namesIn(text = ''): Name[] {
  const { tenants, sources } = written.parse(parseJson(text));
  return [
    ...Object.keys(tenants).map((name) => ({ kind: 'tenant' as const, name })),
    ...Object.keys(sources).map((name) => ({ kind: 'source' as const, name })),
  ];
}
