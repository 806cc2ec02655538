import { describe, expect, it } from 'vitest';
import { userName } from '../../../../functions/ops/input/user-name.ts';

describe('the user of this machine', () => {
  it('has a name, or is named by the number that a container runs under', () => {
    const nameless = () => {
      throw new Error('uv_os_get_passwd returned ENOENT');
    };
    expect(userName(() => ({ username: 'kim' }))).toBe('kim');
    expect(userName(nameless, 54321)).toBe('uid 54321');
    expect(userName(nameless, undefined)).toMatch(/^uid \d+$|^unknown$/);
  });
});
