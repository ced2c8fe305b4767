import { Controller, Get, HttpCode, Inject, Post, UseGuards } from '@nestjs/common';
import { Matches } from 'class-validator';
import { z } from 'zod';
import {
  type BulkAnswer,
  JOURNAL_ENTRIES_MAX,
  JOURNAL_TRANSFERS_MAX,
  type JournalEntry,
  JournalEntrySchema,
  type JournalPage,
} from '@stuiver/contracts';
import { Refusal } from '@stuiver/errors';
import { BodyBytesMax, OperatorGuard, parseJsonObject, RawBody, ValidQuery } from '@stuiver/http';
import { ImportJournal } from '../../use-cases/import-journal.js';
import { ListJournal } from '../../use-cases/list-journal.js';
import { VERSION_TEXT } from '../../use-cases/list-statement.js';
import { accountParameter } from './account-parameter.js';
import { dayOf, FIRST_DAY, IsDay, LAST_DAY, Optional } from './time-parameters.js';

/** Entries of 64 transfers each, generously written. */
const IMPORT_BYTES_MAX = 8 * 1024 * 1024;

const Entries = z.strictObject({
  entries: z.array(JournalEntrySchema).min(1).max(JOURNAL_ENTRIES_MAX),
});

/** `after`: the last transfer's number of the page before; the days are those on which transfers took effect. */
class JournalQuery {
  @Optional()
  @Matches(VERSION_TEXT, { message: '$property must be the number of a transfer' })
  readonly after?: string;
  @Optional() @IsDay() readonly from?: string;
  @Optional() @IsDay() readonly to?: string;
  @Optional() @Matches(/./) readonly account?: string;
}

/** `GET /operator/ledger/journal?after=&from=&to=&account=` and `POST /operator/ledger/journal` */
@Controller('operator/ledger/journal')
@UseGuards(OperatorGuard)
export class JournalController {
  constructor(
    @Inject(ListJournal) private readonly listJournal: ListJournal,
    @Inject(ImportJournal) private readonly importJournal: ImportJournal,
  ) {}

  @Get()
  list(@ValidQuery(JournalQuery) query: JournalQuery): Promise<JournalPage> {
    return this.listJournal.run({
      after: query.after ?? '0',
      from: dayOf('from', query.from ?? FIRST_DAY),
      to: dayOf('to', query.to ?? LAST_DAY),
      account: query.account === undefined ? null : accountParameter(query.account),
      limit: JOURNAL_TRANSFERS_MAX,
    });
  }

  @Post()
  @HttpCode(200)
  @BodyBytesMax(IMPORT_BYTES_MAX)
  async import(@RawBody() body: Buffer): Promise<{ answers: readonly BulkAnswer[] }> {
    return { answers: await this.importJournal.run(entriesIn(body)) };
  }
}

/** @throws Refusal PARAM_ERROR */
function entriesIn(body: Buffer): readonly JournalEntry[] {
  const parsed = Entries.safeParse(parseJsonObject(body));
  if (parsed.success) return parsed.data.entries;
  const [issue] = parsed.error.issues;
  throw new Refusal('PARAM_ERROR', {
    field: issue?.path.join('.') ?? 'body',
    rule: issue?.message ?? 'is no journal',
    value: '',
    location: 'body',
  });
}
