import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';

/** PEM texts of the files that `--tls-cert` and `--tls-key` name; undefined: neither is given. Throws a sentence for people. */
export function readTls({
  tlsCert,
  tlsKey,
}: {
  tlsCert?: string | undefined;
  tlsKey?: string | undefined;
}): { cert: string; key: string } | undefined {
  if (tlsCert === undefined && tlsKey === undefined) return undefined;
  if (tlsCert === undefined || tlsKey === undefined) throw new Error('--tls-cert and --tls-key belong together.');
  const tls = { cert: readOption('--tls-cert', tlsCert), key: readOption('--tls-key', tlsKey) };
  try {
    createSecureContext(tls);
  } catch (cause) {
    throw new Error(`--tls-cert and --tls-key are not a certificate and its key in PEM: ${sentence(cause)}`, { cause });
  }
  return tls;
}

function readOption(option: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Error(`${option} cannot be read: ${sentence(cause)}`, { cause });
  }
}

const sentence = (error: unknown): string => (error instanceof Error ? error.message : String(error));
