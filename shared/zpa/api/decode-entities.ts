import { decodeHTMLStrict } from 'entities/decode';
import * as z from 'zod';

/**
 * ZPA escapes names and descriptions as HTML on the way out: `*.example.com` reads back as
 * `&#x2a;&#x2e;example&#x2e;com` (help.zscaler.com, "Getting Started with the ZPA API").
 *
 * The text is decoded twice, as in the vendor's own Go SDK, which states that text escaped twice occurs. Every update
 * sends name and description along, so the text read must equal the text stored. Decoded too little, `R&D` would be
 * read as `R&amp;D`, sent like that, and grow with each update of another field. Decoded too much, only a text in which
 * somebody really wrote an entity loses it, and it then reads as intended. The first error does far more harm.
 *
 * Texts are compared in a form that is decoded to the end (`domain/text/same-text.ts`), so that a ticket's `R&amp;D`
 * equals the `R&D` that is read.
 *
 * Unlike the Go SDK, this client also decodes list items and embedded names. Only entities closed by a semicolon are
 * decoded, so `AT&T` and `a&copy` stay as they are.
 */
export function decodeEntities(text: string): string {
  // Decoding copies its text, and most texts of a long list have no entity.
  return text.includes('&') ? decodeHTMLStrict(decodeHTMLStrict(text)) : text;
}

/** Schema of a text that ZPA answers; it decodes the text. */
export const zpaText = z.string().transform(decodeEntities);
