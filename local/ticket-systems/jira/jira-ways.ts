/** Ways in which one Jira differs from another, each as it was met in the field; absent: as Jira mostly is. */
export type JiraWays = {
  /** `anonymous`: the credential is dead, and a proxy hides what Jira's headers say of it. */
  signIn?: 'anonymous';
  /** Status names in the language of the reader, by the workflow's own names. */
  statusNames?: Readonly<Record<string, string>>;
  /** History items name their field in a text only; `upper-case`: the text begins with a capital beside its id. */
  historyFields?: 'without-id' | 'upper-case';
  /** Names of fields in the language of the one who edited, by their own names. */
  fieldNames?: Readonly<Record<string, string>>;
  /** The changelog breaks off after so many entries: pages after them are empty, though none is the last. */
  changelogEndsAt?: number;
};
