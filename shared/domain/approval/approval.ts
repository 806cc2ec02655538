/**
 * One approval, as read back; `at` in RFC 3339. `ref`: the approval's id. `actor`: the person who set it, where that is not
 * `by`: a delegate, or anybody who may edit the record of an approval.
 */
export type Approval = { by: string; at: string; ref: string; actor?: string };
/** One edit of a field from the ticket's history; `at` in RFC 3339. */
export type FieldChange = { field: string; at: string; by: string };
