import { escapeHtml } from '../../shared/domain/text/escape-html.ts';

/** One field of a form: its label and what an admin enters. */
export type DrawnField =
  | { label: string; value: string; kind?: 'text' | 'choice' | 'secret'; note?: string }
  | { label: string; lines: readonly string[]; note?: string }
  | { label: string; ticked: boolean; note?: string };

/** A form of a ticket system as far as it has to be filled in. */
export type DrawnForm = { title: string; fields: readonly DrawnField[]; button: string };

const WIDTH = 760;
const LEFT = 220;
const FIELD_WIDTH = 510;
const LINE = 20;

/** The form as SVG: a drawing of our own, not a screenshot. */
export function drawForm({ title, fields, button }: DrawnForm): string {
  const parts: string[] = [];
  let y = 66;
  for (const field of fields) {
    parts.push(drawField(field, y));
    y += heightOf(field) + 14;
  }
  const bottom = y + 50;
  const label = escapeHtml(`${title}: ${fields.map(spoken).join('; ')}`);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${bottom}" width="${WIDTH}" height="${bottom}" role="img" aria-label="${label}" font-family="Helvetica, Arial, sans-serif" font-size="14">
<rect x="1" y="1" width="${WIDTH - 2}" height="${bottom - 2}" rx="8" fill="#ffffff" stroke="#7a869a"/>
<path d="M1 45h${WIDTH - 2}" stroke="#c1c7d0"/>
<text x="20" y="30" font-size="16" font-weight="bold" fill="#172b4d">${escapeHtml(title)}</text>
<text x="${WIDTH - 20}" y="29" font-size="12" text-anchor="end" fill="#5e6c84">drawing of the form</text>
${parts.join('\n')}
<rect x="${LEFT}" y="${y}" width="${button.length * 9 + 32}" height="32" rx="4" fill="#0052cc"/>
<text x="${LEFT + 16}" y="${y + 21}" fill="#ffffff">${escapeHtml(button)}</text>
</svg>
`;
}

const boxHeight = (field: DrawnField) => ('lines' in field ? field.lines.length * LINE + 12 : 32);
const heightOf = (field: DrawnField) => boxHeight(field) + (field.note === undefined ? 0 : 18);

function drawField(field: DrawnField, y: number): string {
  const label = `<text x="${LEFT - 16}" y="${y + 21}" text-anchor="end" fill="#172b4d">${escapeHtml(field.label)}</text>`;
  const note =
    field.note === undefined
      ? ''
      : `<text x="${LEFT}" y="${y + boxHeight(field) + 15}" font-size="12" fill="#5e6c84">${escapeHtml(field.note)}</text>`;
  return `${label}${drawBox(field, y)}${note}`;
}

function drawBox(field: DrawnField, y: number): string {
  if ('ticked' in field) {
    const tick = field.ticked
      ? `<path d="M${LEFT + 4} ${y + 16}l5 5l9 -11" stroke="#0052cc" stroke-width="2.5" fill="none"/>`
      : '';
    return `<rect x="${LEFT}" y="${y + 5}" width="22" height="22" rx="3" fill="#fff" stroke="#5e6c84"/>${tick}`;
  }
  const box = `<rect x="${LEFT}" y="${y}" width="${FIELD_WIDTH}" height="${boxHeight(field)}" rx="4" fill="#fafbfc" stroke="#5e6c84"/>`;
  if ('lines' in field)
    return `${box}${field.lines.map((line, index) => drawLine(line, y + 20 + index * LINE)).join('')}`;
  const arrow =
    field.kind === 'choice'
      ? `<path d="M${LEFT + FIELD_WIDTH - 24} ${y + 13}l6 7l6 -7" fill="none" stroke="#172b4d"/>`
      : '';
  const text = field.kind === 'secret' ? '•'.repeat(24) : field.value;
  return `${box}<text x="${LEFT + 10}" y="${y + 21}" fill="#172b4d">${escapeHtml(text)}</text>${arrow}`;
}

const drawLine = (line: string, y: number) =>
  `<text x="${LEFT + 10}" y="${y}" xml:space="preserve" font-family="Menlo, Consolas, monospace" font-size="12.5" fill="#172b4d">${escapeHtml(line)}</text>`;

/** For who cannot see it. */
function spoken(field: DrawnField): string {
  if ('ticked' in field) return `${field.label} ${field.ticked ? 'ticked' : 'not ticked'}`;
  if ('lines' in field) return `${field.label} ${field.lines.join(' ')}`;
  return `${field.label} ${field.kind === 'secret' ? 'the secret' : field.value}`;
}
