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
    return this.closePeriod.run(monthOf(text));
  }
}

/** @throws Refusal PARAM_ERROR */
export function monthOf(text: string): string {
  const says = 'must be a month, as 2026-10';
  return validText(text, { field: 'month', pattern: MONTH, says, location: 'path' });
}
