import { GROUP_IDS, MANY_APPLICATION_IDS } from '../../unit/histories/small-tenant.ts';

/** Changes requested one after the other, with something in them for every quirk that the product can meet. */

const [ALDER, BIRCH, CEDAR, ELDER] = GROUP_IDS.map((id) => ({ id }));
const apps = (...ids: string[]) => ids.map((id) => ({ id }));
const create = (name: string, more: object = {}) => ({ action: 'create', group: { name }, ...more });
const update = (group: object | undefined, more: object) => ({ action: 'update', group, ...more });
const remove = (group: object | undefined, more: object = {}) => ({ action: 'delete', group, ...more });
/** Everything an answer may escape; no literal entity, because it looks like an escaped character. */
const SPECIAL = `R&D <north> "twice" isn't *.example`;

/** An application of another group joins; one leaves. */
export const TAKEN = update(CEDAR, { applications: { add: apps('11') }, takeFromOtherGroups: true });
export const LEAVING = update(BIRCH, { applications: { remove: apps('13') }, leaveUngrouped: true });

export const CHANGES: readonly object[] = [
  create('Larch', { enabled: true, applications: apps('17', '18'), description: SPECIAL }),
  create('Larch'),
  create('larch'),
  create('v1.2 Test_Group-x', { applications: [{ name: 'app-16' }] }),
  create('L'.repeat(200)),
  create('Rowan', { applications: apps(...MANY_APPLICATION_IDS.slice(0, 110)) }),
  update({ name: 'Rowan' }, { set: { enabled: true } }),
  update({ name: 'Larch' }, { set: { name: 'Maple', description: '' } }),
  update(ALDER, { set: { name: 'Birch' } }),
  update(ALDER, { set: { description: SPECIAL } }),
  update(ALDER, { set: { description: 'd'.repeat(2000), enabled: false } }),
  update(ALDER, { set: { enabled: false } }),
  update(ALDER, { applications: { add: [{ name: 'app-16' }] } }),
  update(BIRCH, { applications: { add: apps('404') } }),
  update(BIRCH, { applications: { add: apps('1115') } }),
  update(BIRCH, { applications: { add: apps('1115') } }),
  update(BIRCH, { applications: { add: apps('1116'), remove: apps('13') }, leaveUngrouped: true }),
  update(BIRCH, { applications: { remove: apps('1115') } }),
  TAKEN,
  update(CEDAR, { applications: { remove: apps('11') }, moveTo: { name: 'Elder' } }),
  update(BIRCH, { applications: { replace: [] }, leaveUngrouped: true }),
  update(ELDER, { applications: { replace: apps('11', '13') }, leaveUngrouped: true, set: { name: 'Elder 2' } }),
  update({ name: 'Yew' }, { set: { enabled: false } }),
  remove({ name: 'Yew' }),
  remove({ id: '72057594037930009' }),
  remove({ name: 'Hazel' }),
  remove(ALDER),
  remove(BIRCH),
  remove(ELDER, { moveApplicationsTo: ALDER }),
];

/** Written as one where nothing is in the way. */
export const TOGETHER: readonly object[] = ['1110', '1111', '1112', '1113'].map((id) =>
  update(CEDAR, { applications: { add: apps(id) } }),
);

export const DISTURBED = update(CEDAR, { applications: { add: apps('1118') } });
export const OF_COLLEAGUE = '1119';
