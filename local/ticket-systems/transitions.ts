/** Target states of the local world's tickets when their changes have ended; the small systems have these states. */

/** A change goes to Review with what came of it; a person closes it. */
const reviewed = (code: string) => ({ to: '0', fields: { close_code: code, close_notes: '{summary}' } });
export const REVIEWED = {
  all: reviewed('successful'),
  some: reviewed('successful_issues'),
  none: reviewed('unsuccessful'),
};

export const DONE = {
  all: { to: 'Done', fields: { resolution: { name: 'Done' } } },
  some: { to: 'Partly done' },
  none: { to: 'Failed' },
};

export const CLOSED = { all: { to: 'closed' }, some: { to: 'partly-done' }, none: { to: 'failed' } };
