import { Controller, Get, Inject, UseGuards } from '@nestjs/common';
import { OperatorGuard } from '@stuiver/http';
import type { Verdict } from '../../domain/watch.js';
import { WatchBooks } from '../../use-cases/watch-books.js';

/** `GET /operator/ledger/health`: what each watch says now, with its figures. */
@Controller('operator/ledger/health')
@UseGuards(OperatorGuard)
export class WatchBooksController {
  constructor(@Inject(WatchBooks) private readonly watchBooks: WatchBooks) {}

  @Get()
  async get(): Promise<{ state: Verdict['state']; watches: readonly Verdict[] }> {
    const watches = await this.watchBooks.verdicts();
    const isAlarmed = watches.some(({ state }) => state === 'alarm');
    return { state: isAlarmed ? 'alarm' : 'well', watches };
  }
}
