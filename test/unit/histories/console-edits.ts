import type { SegmentGroup } from '../../../shared/domain/group/group.ts';
import { takeOver } from './carry-out.ts';
import type { Edit } from './history.ts';
import type { Scene } from './scene.ts';
import { CONSOLE } from './small-tenant.ts';

/** An administrator at the portal: makes the edits that the portal would allow, and records those that changed something. */
export function editAtConsole(scene: Scene, edit: Edit): void {
  const { tenant, clock, chronicle } = scene;
  const seconds = Math.floor(clock.now() / 1000);
  const state = tenant.groups;
  const id = edit.do === 'create' ? scene.nextId() : [...state.keys()][edit.group];
  if (id === undefined) return;
  const act = actOf(edit, id);
  const before = new Map([...state].map(([key, group]) => [key, JSON.stringify(group)]));
  act(state);
  const changed = [...new Set([...before.keys(), ...state.keys()])].filter(
    (key) => before.get(key) !== textOf(state.get(key)),
  );
  if (changed.length === 0) return;
  const group = state.get(id);
  const creationTime = edit.do === 'create' ? seconds : group?.creationTime;
  if (group !== undefined) state.set(id, { ...group, creationTime, modifiedBy: CONSOLE, modifiedTime: seconds });
  const applications = 'application' in edit ? [edit.application] : [];
  const left = new Map(changed.map((key) => [key, structuredClone(state.get(key))]));
  const named = edit.do === 'name' || edit.do === 'create' || edit.do === 'delete';
  chronicle.edits.push({ at: clock.now(), left, named, applications, act });
  scene.replicas.keep();
}

/** The edit as something to do to any state, so that the judge can do it to his own. */
function actOf(edit: Edit, id: string): (state: Map<string, SegmentGroup>) => void {
  return (state) => {
    if (edit.do === 'create') {
      if (!nameTaken(state, edit.text)) state.set(id, { ...EMPTY, id, name: edit.text });
      return;
    }
    const group = state.get(id);
    if (group === undefined) return;
    const put = (change: Partial<SegmentGroup>) => void state.set(id, { ...group, ...change });
    if (edit.do === 'name' && !nameTaken(state, edit.text)) put({ name: edit.text });
    if (edit.do === 'description') put({ description: edit.text });
    if (edit.do === 'enable' || edit.do === 'disable') put({ enabled: edit.do === 'enable' });
    if (edit.do === 'delete' && group.applicationIds.length === 0) state.delete(id);
    if (edit.do === 'leave') put({ applicationIds: group.applicationIds.filter((one) => one !== edit.application) });
    if (edit.do === 'join' && !group.applicationIds.includes(edit.application)) {
      takeOver(state, id, [edit.application]);
      put({ applicationIds: [...group.applicationIds, edit.application].sort() });
    }
  };
}

const textOf = (group: SegmentGroup | undefined) => group && JSON.stringify(group);

const nameTaken = (state: Map<string, SegmentGroup>, name: string) =>
  [...state.values()].some((one) => one.name === name);

const EMPTY: SegmentGroup = {
  id: '',
  name: '',
  description: '',
  enabled: false,
  configSpace: 'DEFAULT',
  microtenantId: '0',
  applicationIds: [],
  readOnly: false,
  modifiedBy: undefined,
  modifiedTime: undefined,
  creationTime: undefined,
};
