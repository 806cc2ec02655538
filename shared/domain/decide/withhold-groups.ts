import type { Rejection } from '../outcome/outcome.ts';
import { describeGroup, type ForeignMember } from './decide-checks.ts';

/** True if the grants of the source cover a group of this name. */
type MayKnow = (groupName: string) => boolean;

/**
 * The rejection without names and ids of groups that its source may not know: otherwise it could ask for one application
 * after the other and learn every group. The ids are `withheld`, for the operator's log.
 */
export function withholdGroups(rejection: Rejection, mayKnow: MayKnow): Rejection {
  if (rejection.code === 'application-in-other-group') return withholdMembers(rejection, mayKnow);
  return rejection.code === 'group-read-only' ? withholdReadOnly(rejection, mayKnow) : rejection;
}

const OUTSIDE = 'a group outside your grants';

function withholdMembers(rejection: Rejection, mayKnow: MayKnow): Rejection {
  const foreign = (rejection.details?.applications ?? []) as ForeignMember[];
  const isHidden = ({ group }: ForeignMember) => !mayKnow(group.name ?? '');
  const hidden = foreign.filter(isHidden);
  if (hidden.length === 0) return rejection;
  return {
    ...rejection,
    sentence: hidden.reduce((text, { group }) => text.replaceAll(describeGroup(group), OUTSIDE), rejection.sentence),
    details: {
      ...rejection.details,
      applications: foreign.map((one) => (isHidden(one) ? { ...one, group: OUTSIDE } : one)),
    },
    withheld: hidden.map(({ id, group }) => ({ application: id, group: group.id })),
  };
}

/** A group that is to give its applications may be one of somebody else. */
function withholdReadOnly(rejection: Rejection, mayKnow: MayKnow): Rejection {
  const group = rejection.details?.group as ForeignMember['group'] | undefined;
  if (group === undefined || mayKnow(group.name ?? '')) return rejection;
  const { details: _details, ...told } = rejection;
  const sentence = rejection.sentence.replaceAll(`"${group.name}"`, OUTSIDE);
  return { ...told, sentence, withheld: [{ group: group.id }] };
}
