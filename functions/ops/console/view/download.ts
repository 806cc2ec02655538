/** The address of a file that the browser has already: nothing is asked of the server again. */
export const dataAddress = (type: string, text: string): string =>
  `data:${type};charset=utf-8;base64,${Buffer.from(text).toString('base64')}`;

/** The name of a file about a change. */
export const fileName = (key: string, ending: string): string => `${key.replaceAll(/[^\w.-]/g, '-')}.${ending}`;
