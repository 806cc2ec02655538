/** Options of the command line in brackets, by which a remedy names them beside its words. */
const OPTIONS = / \((?:--[a-z-]+(?: [^\s()]+)?(?:, | )?)+\)/g;

/** A remedy as a page says it: a page has fields and buttons where the command line has options. */
export const remedyOnPage = (remedy: string): string => remedy.replaceAll(OPTIONS, '');
