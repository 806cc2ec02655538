/**
 * One approval, as read back; `at` in RFC 3339. `ref`: the approval's id. `actor`: the person who set it, where that is not
 * `by`: a delegate, or anybody who may edit the record of an approval.
 */
export type Approval = { by: string; at: string; ref: string; actor?: string };
/**
 * One edit of one field from the ticket's history. `field`: its path in the ticket's payload, for example
 * `issue.fields.customfield_10050` or `record.start_date`; an edit of `record.variables` may be of any variable, one of
 * `record` of any field. `at`: RFC 3339 in UTC. `from` and `to`: the value before and after, in each form in which the
 * system tells it (its id, its name); absent: it is not told, and may be any.
 */
export type FieldChange = {
  field: string;
  at: string;
  by: string;
  from?: readonly string[];
  to?: readonly string[];
};
