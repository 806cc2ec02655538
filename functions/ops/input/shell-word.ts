/** A text as one word of a command that a person copies into a shell. Texts from outside are never left to the shell to read. */
export const shellWord = (text: string): string =>
  /^[\w@%+:,./-][\w@%+=:,./-]*$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
