import { once } from 'node:events';
import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import PDFDocument from 'pdfkit';
import { LOCALES, type PaperLanguage } from './texts.js';

/** What an A4 document says, from top to bottom. */
export interface Paper {
  readonly title: string;
  readonly language: PaperLanguage;
  /** Not the moment of printing: the same paper is the same bytes. */
  readonly madeAt: Date;
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly tables: readonly PaperTable[];
  /** Below the tables. */
  readonly notes: readonly string[];
}

export interface PaperTable {
  /** In points; at most 483 together. */
  readonly widths: readonly number[];
  /** So many columns from the left hold text, the others amounts. */
  readonly textColumns: number;
  /** Again on every page. */
  readonly head: readonly string[];
  /** Page by page, however many there are. */
  readonly rows:
    Iterable<readonly (readonly string[])[]> | AsyncIterable<readonly (readonly string[])[]>;
}

const MARGIN = 56;
const TITLE_SIZE = 20;
const TEXT_SIZE = 10;
const TABLE_SIZE = 9;
const ROW_GAP = 5;
/** Between a text and the column beside it. */
const COLUMN_GAP = 6;
/** So many rows are drawn before others get their turn. */
const ROWS_AT_ONCE = 10;

type Doc = InstanceType<typeof PDFDocument>;

/** A PDF in pieces, drawn as fast as it is read. */
export function paperStream(paper: Paper): Readable {
  return Readable.from(piecesOf(paper));
}

export async function paperBytes(paper: Paper): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of piecesOf(paper)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function* piecesOf(paper: Paper): AsyncGenerator<Buffer, void, undefined> {
  const { title, language, madeAt } = paper;
  const doc = new PDFDocument({
    ...{ size: 'A4', margin: MARGIN, lang: LOCALES[language], displayTitle: true },
    info: { Title: title, CreationDate: madeAt },
  });
  yield* drawn(doc, paper);
  const over = once(doc, 'end');
  doc.end();
  for await (const chunk of doc) yield chunk as Buffer;
  await over;
}

/** What is written of the document and was not read yet. */
function* waiting(doc: Doc): Generator<Buffer, void, undefined> {
  for (;;) {
    const chunk = doc.read() as Buffer | null;
    if (chunk === null) return;
    yield chunk;
  }
}

/** Draws the paper. In between others get their turn, and what is finished goes out. */
async function* drawn(doc: Doc, paper: Paper): AsyncGenerator<Buffer, void, undefined> {
  doc.fontSize(TITLE_SIZE).text(paper.title).fontSize(TEXT_SIZE).moveDown();
  for (const [name, value] of paper.facts) doc.text(`${name}: ${value}`);
  for (const table of paper.tables) {
    doc.fontSize(TABLE_SIZE).moveDown();
    drawHead(doc, table);
    for await (const rows of table.rows) {
      for (const [index, row] of rows.entries()) {
        drawRow(doc, table, row);
        if (index % ROWS_AT_ONCE !== ROWS_AT_ONCE - 1) continue;
        await setImmediate();
        yield* waiting(doc);
      }
    }
    doc.fontSize(TEXT_SIZE);
  }
  for (const note of paper.notes) doc.moveDown(0.5).text(note, MARGIN);
}

function drawHead(doc: Doc, table: PaperTable): void {
  doc.font('Helvetica-Bold');
  drawRow(doc, table, table.head);
  doc.font('Helvetica');
}

/** On a page of its own when there is no room left. */
function drawRow(doc: Doc, table: PaperTable, cells: readonly string[]): void {
  const { widths, textColumns } = table;
  const widthOf = (index: number): number =>
    (widths[index] ?? 0) - (index < textColumns ? COLUMN_GAP : 0);
  const height = Math.max(
    ...cells.map((cell, index) => doc.heightOfString(cell, { width: widthOf(index) })),
  );
  if (doc.y + height > doc.page.height - MARGIN) {
    doc.addPage();
    if (cells !== table.head) drawHead(doc, table);
  }
  const top = doc.y;
  let left = MARGIN;
  cells.forEach((cell, index) => {
    const align = index < textColumns ? 'left' : 'right';
    doc.text(cell, left, top, { width: widthOf(index), align });
    left += widths[index] ?? 0;
  });
  doc.x = MARGIN;
  doc.y = top + height + ROW_GAP;
}
