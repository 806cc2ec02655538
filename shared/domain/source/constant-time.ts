import { createHash, timingSafeEqual } from 'node:crypto';

/** Constant time wherever they differ and whatever their lengths: digests of equal length are compared. */
function equal(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b));
}

/** Whether one of `offered` is one of `expected`: all pairs are compared, a match ends nothing early. */
export function anyEqualInConstantTime(offered: readonly string[], expected: readonly string[]): boolean {
  return expected
    .flatMap((one) => offered.map((other) => equal(other, one)))
    .reduce((found, one) => found || one, false);
}

const digest = (text: string) => createHash('sha256').update(text).digest();
