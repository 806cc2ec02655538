/** A law that must hold in every state, in every interleaving. A broken law ends the search with a trace. */
export type Law =
  | 'double effect'
  | 'effect outside its intent'
  | 'effect after the outcome'
  | 'two writes at once'
  | 'outcome changed'
  | 'outcome not true'
  | 'outbox empty-handed'
  | 'announced otherwise'
  | 'generation skipped'
  | 'order broken'
  | 'application stranded'
  | 'edit lost'
  | 'approved for another group'
  | 'desired state not live'
  | 'change lost'
  | 'set order broken'
  | 'lane stuck'
  | 'held up'
  | 'strange error';

export class Violation extends Error {
  override readonly name = 'Violation';
  readonly law: Law;

  constructor(law: Law, says: string) {
    super(`${law}: ${says}`);
    this.law = law;
  }
}
