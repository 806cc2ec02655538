import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTls } from '../../../../local/process/read-tls.ts';
import { lackingOpenssl, makeCertificate } from '../../../witnesses/certificate.ts';

const noOpenssl = lackingOpenssl();

describe('a certificate from the command line', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'zpa-changes-tls-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is not asked for', () => expect(readTls({})).toBeUndefined());

  it.each([{ tlsCert: 'cert.pem' }, { tlsKey: 'key.pem' }])('is refused by half: %j', (half) => {
    expect(() => readTls(half)).toThrow('--tls-cert and --tls-key belong together.');
  });

  it('that cannot be read is named with its option', () => {
    const files = { tlsCert: join(folder, 'missing.pem'), tlsKey: join(folder, 'missing.pem') };
    expect(() => readTls(files)).toThrow(/^--tls-cert cannot be read: .*missing\.pem/);
  });

  it('that is none is refused in a sentence', () => {
    const file = join(folder, 'text.pem');
    writeFileSync(file, 'no certificate');
    expect(() => readTls({ tlsCert: file, tlsKey: file })).toThrow(
      /^--tls-cert and --tls-key are not a certificate and its key in PEM: /,
    );
  });

  it.skipIf(noOpenssl)('is read with its key, and refused with the key of another', () => {
    const { cert, key } = makeCertificate(folder);
    expect(readTls({ tlsCert: cert, tlsKey: key })?.cert).toMatch(/^-----BEGIN CERTIFICATE-----/);
    const other = mkdtempSync(join(folder, 'other-'));
    expect(() => readTls({ tlsCert: cert, tlsKey: makeCertificate(other).key })).toThrow(
      /not a certificate and its key/,
    );
  });
});
