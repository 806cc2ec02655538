import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** Zscaler's hosts that its clients have built in. */
const HOSTS = ['api.zsapi.net', '*.zslogin.net', 'config.private.zscaler.com'];

/** Why no certificate can be made here; undefined: it can. */
export function lackingOpenssl(): string | undefined {
  return spawnSync('openssl', ['version']).status === 0 ? undefined : 'it needs openssl to make a certificate';
}

/** Makes one self-signed certificate for Zscaler's hosts and this machine. */
export function makeCertificate(folder: string): { cert: string; key: string } {
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const names = [...HOSTS.map((host) => `DNS:${host}`), 'IP:127.0.0.1'];
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=zpa-simulator'];
  const files = ['-keyout', key, '-out', cert];
  execFileSync('openssl', [...request, ...files, '-addext', `subjectAltName=${names}`], { stdio: 'ignore' });
  return { cert, key };
}
