import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { Refusal } from '@stuiver/errors';
import type { SettlementSummary, SettlementView } from '../postgres/settlement-view.js';
import { lineCsv } from './settlement-csv.js';
import { lineJson } from './settlement-json.js';
import { settlementPdf } from './settlement-pdf.js';
import type { Language } from './settlement-words.js';

export type SettlementFile = 'csv' | 'json' | 'pdf';

const TYPES = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
  pdf: 'application/pdf',
} as const;

/** @throws Refusal NOT_FOUND */
export function needFile(extension: string): SettlementFile {
  if (Object.hasOwn(TYPES, extension)) return extension as SettlementFile;
  throw new Refusal('NOT_FOUND');
}

/** Sends a settlement to its last line, as it is read. */
export async function sendSettlement(
  reply: FastifyReply,
  view: SettlementView,
  of: {
    merchantId: string;
    settlement: SettlementSummary;
    file: SettlementFile;
    language: Language;
  },
): Promise<void> {
  const { settlement, file } = of;
  const pieces = await piecesOf(view, of);
  await reply
    .header('content-disposition', `attachment; filename="${settlement.id}.${file}"`)
    .type(TYPES[file])
    .send(pieces);
}

async function piecesOf(
  view: SettlementView,
  of: Parameters<typeof sendSettlement>[2],
): Promise<Readable> {
  const { merchantId, settlement, file, language } = of;
  const pages = view.pages(merchantId, settlement.id);
  if (file === 'csv') return Readable.from(lineCsv(settlement, pages));
  if (file === 'json') return Readable.from(lineJson(settlement, pages));
  const sums = await view.sums(merchantId, settlement.id);
  return settlementPdf({ merchantId, settlement, sums, pages }, language);
}
