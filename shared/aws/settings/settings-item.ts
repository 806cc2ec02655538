import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import * as z from 'zod';
import { SETTINGS_TABLE } from '../../deployment/resources.ts';
import type { SettingsEntry, StoredSettings, UnreadableSettings } from '../../ports/settings-store.ts';
import { AwsError } from '../aws-error.ts';

/** An item holds 400 KB; the rest is for the note, names and reserve. */
const MAX_BODY_BYTES = 300_000;

/** A text that is larger after decompression was not written by this product. */
const MAX_TEXT_BYTES = 16 * 1024 * 1024;

const { partitionKey, sortKey, partition } = SETTINGS_TABLE;

export const settingsKey = (version: number) => ({ [partitionKey]: partition, [sortKey]: version });

/** The item of a version: its text is compressed, since settings of hundreds of tenants repeat themselves. */
export function toItem({ text, version, ...entry }: Omit<StoredSettings, 'sha256'>, writeToken: string) {
  const body = gzipSync(text);
  if (body.length > MAX_BODY_BYTES) {
    const message = `The settings are ${body.length} bytes compressed, more than the ${MAX_BODY_BYTES} that are stored. Split them into two stacks.`;
    throw new AwsError('settings-too-large', message);
  }
  return { ...settingsKey(version), ...entry, body, sha256: digestOf(text), writeToken };
}

export const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

const entrySchema = z.object({
  version: z.int().min(1),
  sha256: z.string(),
  pushedAt: z.number(),
  pushedBy: z.string(),
  note: z.string().optional(),
});

const itemSchema = entrySchema.extend({ body: z.instanceof(Uint8Array), writeToken: z.string() });

/** Reads an item back without its text. */
export const entryOf = (item: Record<string, unknown>): SettingsEntry | UnreadableSettings =>
  entrySchema.safeParse(item).data ?? withoutAttributes(item);

const withoutAttributes = (item: Record<string, unknown>): UnreadableSettings => ({
  version: Number(item[sortKey]),
  why: 'its item does not have the attributes of settings',
});

/** Reads an item back. Does not throw: one version that cannot be read leaves the others to be used. */
export function fromItem(item: Record<string, unknown>): StoredSettings | UnreadableSettings {
  const { success, data } = itemSchema.safeParse(item);
  const version = Number(item[sortKey]);
  if (!success) return withoutAttributes(item);
  const { body, writeToken: _, ...entry } = data;
  try {
    const text = gunzipSync(body, { maxOutputLength: MAX_TEXT_BYTES }).toString('utf8');
    return digestOf(text) === entry.sha256 ? { ...entry, text } : { version, why: 'its text is not what was pushed' };
  } catch {
    return { version, why: 'its text cannot be decompressed' };
  }
}
