import type { SegmentGroup } from '../../../shared/domain/group/group.ts';

/** The tenant every history begins with, as far as it is the same: names, ids, which applications there are. */

export const CUSTOMER = '72057594037927936';
export const LANE = `PRODUCTION:${CUSTOMER}`;
export const TENANT = 'acme';
export const SOURCE = 'desk';

/** Mostly six groups at most; a change may also name one that is not there. */
export const GROUP_IDS = [1, 2, 3, 4, 5, 6].map((n) => `7205759403793000${n}`);
export const ABSENT_GROUP = '72057594037930009';
export const GROUP_NAMES = ['Alder', 'Birch', 'Cedar', 'Elder', 'Fir', 'Hazel'];
/** For a backlog over many groups. */
const MORE = Array.from({ length: 12 }, (_, n) => String(n + 1).padStart(2, '0'));
export const ALL_GROUP_IDS = [...GROUP_IDS, ...MORE.map((nn) => `720575940379301${nn}`)];
export const ALL_GROUP_NAMES = [...GROUP_NAMES, ...MORE.map((nn) => `Grove ${nn}`)];
/** Names that no group has at first. */
export const NEW_NAMES = ['Larch', 'Maple', 'Rowan'];

export const APPLICATION_IDS = ['11', '12', '13', '14', '15', '16', '17', '18'];
export const ABSENT_APPLICATION = '404';
/** More than fit one small list: named by `simulator-seed.ts` alone. */
export const MANY_APPLICATION_IDS = Array.from({ length: 120 }, (_, n) => String(1000 + n));
export const applicationName = (id: string) => `app-${id}`;

/** The names of the writers in `modifiedBy`. */
export const OUR_CLIENT = '216196257331399999';
export const CONSOLE = '216196257331300001';
/** Epoch seconds. */
const LONG_AGO = 1_700_000_000;

/** `homes`: for each application the index of its group; one that does not exist means none. */
export function firstGroups(count: number, homes: readonly number[]): SegmentGroup[] {
  return ALL_GROUP_IDS.slice(0, count).map((id, index) => ({
    id,
    name: ALL_GROUP_NAMES[index] ?? id,
    description: '',
    enabled: index % 2 === 0,
    configSpace: 'DEFAULT',
    microtenantId: '0',
    applicationIds: APPLICATION_IDS.filter((_, n) => homes[n] === index),
    readOnly: false,
    modifiedBy: CONSOLE,
    modifiedTime: LONG_AGO,
    creationTime: LONG_AGO,
  }));
}
