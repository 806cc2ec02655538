/**
 * Options of the command line in brackets, by which a remedy names them beside its words. A text divides in one way only,
 * because a remedy names keys, which others choose: an expression that tries many ways would stand still over one of them.
 */
const OPTIONS = / \(--[a-z][a-z-]*(?: [^\s(),-][^\s(),]*)?(?:,? --[a-z][a-z-]*(?: [^\s(),-][^\s(),]*)?)*\)/g;

/** A remedy as a page says it: a page has fields and buttons where the command line has options. */
export const remedyOnPage = (remedy: string): string => remedy.replaceAll(OPTIONS, '');
