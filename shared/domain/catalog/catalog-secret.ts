/** Whether a text can be the secret by which a source fetches its catalog: it travels in a header. */
export const isCatalogSecret = (text: string): boolean => /^[\x21-\x7e]{32,512}$/.test(text);
