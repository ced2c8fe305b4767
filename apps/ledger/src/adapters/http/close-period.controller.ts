import { Controller, HttpCode, Inject, Param, Post, UseGuards } from '@nestjs/common';
import type { LedgerResult } from '@stuiver/contracts';
import { OperatorGuard, validText } from '@stuiver/http';
import { ClosePeriod } from '../../use-cases/close-period.js';

const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;

/** `POST /operator/ledger/periods/:month/close` */
@Controller('operator/ledger/periods')
@UseGuards(OperatorGuard)
export class ClosePeriodController {
  constructor(@Inject(ClosePeriod) private readonly closePeriod: ClosePeriod) {}

  @Post(':month/close')
  @HttpCode(200)
  close(@Param('month') text: string): Promise<LedgerResult> {
    const says = 'must be a month, as 2026-10';
    const month = validText(text, { field: 'month', pattern: MONTH, says, location: 'path' });
    return this.closePeriod.run(month);
  }
}
