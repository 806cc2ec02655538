import { decodeHTMLStrict } from 'entities/decode';
import { z } from 'zod';

/**
 * ZPA escapes names and descriptions as HTML on the way out: `*.example.com` reads back as
 * `&#x2a;&#x2e;example&#x2e;com` (help.zscaler.com, "Getting Started with the ZPA API").
 *
 * Decoded twice, as the vendor's own Go SDK does, which says that text escaped twice occurs. Every update sends name and
 * description along, so what is read must be what is stored: decoded too little, `R&D` would come back as `R&amp;D`, be
 * sent as that, and grow with each update of another field. Decoded too much, only a text in which somebody really
 * wrote an entity loses it, and it then reads as it was meant. The first harm is the greater by far.
 *
 * Unlike the Go SDK this reaches list items and embedded names too. Only entities closed by a semicolon count, so that
 * `AT&T` and `a&copy` stay.
 */
export function decodeEntities(text: string): string {
  return decodeHTMLStrict(decodeHTMLStrict(text));
}

/** Text of ZPA, decoded. */
export const zpaText = z.string().transform(decodeEntities);
