/** One version of the settings: its pusher, its time, and the hash of its text. */
export type SettingsEntry = {
  /** From 1; each push is one more than the version it was made from. */
  version: number;
  /** Of the text, in hex. */
  sha256: string;
  /** Epoch ms. */
  pushedAt: number;
  /** The ARN of the AWS principal that pushed it; `local` in the local world. */
  pushedBy: string;
  /** The pusher's own words about it. */
  note?: string | undefined;
};

/** One version of the settings; `text` is JSON as it was written, not checked by anybody who reads it. */
export type StoredSettings = SettingsEntry & { text: string };

/** A version whose item cannot be read. */
export type UnreadableSettings = { version: number; why: string };

/** Reads versions of the settings, which never change once they are written. Reads are consistent. */
export type SettingsReader = {
  /** The newest version above `after`, by default above none; undefined: there is none. */
  readNewest(after?: number): Promise<StoredSettings | UnreadableSettings | undefined>;
  readVersion(version: number): Promise<StoredSettings | UnreadableSettings | undefined>;
};

/** `taken`: somebody else wrote this version before. */
export type PutSettings = 'written' | 'taken';

export type SettingsStore = SettingsReader & {
  /** The newest versions, newest first, without their texts. */
  list(limit: number): Promise<(SettingsEntry | UnreadableSettings)[]>;
  /**
   * Writes a version that does not exist yet. An answer that was lost and repeated by the SDK counts as written. Rejects with
   * code `settings-too-large` if the text, compressed, is larger than an item may be.
   */
  put(settings: Omit<StoredSettings, 'sha256'>): Promise<PutSettings>;
};
