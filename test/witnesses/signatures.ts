import { spawnSync } from 'node:child_process';
import { z } from 'zod';
import { toStderr } from '../../shared/runtime/standard-streams.ts';

/**
 * `npm run signatures`: the npm registry's signatures and attestations of every installed package, verified by npm itself with the
 * keys of Sigstore. They prove that a package is what its registry published, which the lockfile's hashes cannot prove of the day they
 * were written. Without a way to the keys the proof is left out, and this says so.
 */
const failed = z.array(z.object({ name: z.string(), version: z.string() }));
const verdict = z.object({ invalid: failed, missing: failed });
const obstacle = z.object({ error: z.object({ summary: z.string() }) });

const say = (line: string) => toStderr(`${line}\n`);

say('signatures: waiting for npm to verify those of all packages ...');
const { stdout } = spawnSync('npm', ['audit', 'signatures', '--json', '--fetch-retries=0'], { encoding: 'utf8' });
const answer = parse(stdout);
const read = verdict.safeParse(answer);
if (read.success) {
  const { invalid, missing } = read.data;
  for (const { name, version } of invalid) say(`${name}@${version}: its signature is not its registry's`);
  for (const { name, version } of missing) say(`${name}@${version}: its registry signs packages, and not this one`);
  say(`signatures: ${invalid.length} invalid, ${missing.length} missing`);
  if (invalid.length + missing.length > 0) process.exitCode = 1;
} else {
  const said = obstacle.safeParse(answer);
  say(
    `signatures: not verified, left out: ${said.success ? said.data.error.summary : stdout.trim() || 'npm said nothing'}`,
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
