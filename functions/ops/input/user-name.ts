import { userInfo } from 'node:os';

/**
 * The user of this machine, whom records name as the one who decided. Containers run commands under numbers that have no
 * name; the number names them then.
 */
export function userName(
  read: () => { username: string } = userInfo,
  uid: number | undefined = process.getuid?.(),
): string {
  try {
    return read().username;
  } catch {
    return uid === undefined ? 'unknown' : `uid ${uid}`;
  }
}
