import { setTimeout as rest } from 'node:timers/promises';
import { Controller, Get, HttpCode, Inject, Param, Post, UseGuards } from '@nestjs/common';
import { IsIn, IsString, Matches } from 'class-validator';
import { ValidBody, ValidQuery } from '@stuiver/http';
import { ATTEMPT_STATES, hasEnded } from '../../../domain/attempt-states.js';
import type { Attempt } from '../../../domain/attempt.js';
import type { PayMethod } from '../../../domain/order.js';
import { PAGE_OPTIONS, type PageOptions } from '../page-options.js';
import { CancelAttempt } from '../../../use-cases/cancel-attempt.js';
import { ConfirmAttempt } from '../../../use-cases/confirm-attempt.js';
import { FindAttempt } from '../../../use-cases/find-attempt.js';
import { Payer, PayerGuard } from '../payer.guard.js';
import { Optional } from '../rules.js';
import { presentAttempt, presentLeft, type ShownAttempt } from './present-attempt.js';

export class ConfirmAttemptBody {
  @IsIn(['wallet', 'ideal', 'card']) readonly method!: PayMethod;
  @Optional()
  @IsString()
  @Matches(/^\d{6}$/, { message: '$property must be six digits' })
  readonly pin?: string;
}

export class WatchAttemptQuery {
  @Optional()
  @Matches(/^([0-9]{1,4}|10000)$/, { message: '$property must be from 0 to 10000' })
  readonly wait_ms?: string;
  @Optional() @IsIn(ATTEMPT_STATES) readonly seen?: string;
}

const LOOK_MS = 200;

/** One sheet's life after it opened. */
@Controller('checkout/attempts')
@UseGuards(PayerGuard)
export class AttemptController {
  constructor(
    @Inject(FindAttempt) private readonly findAttempt: FindAttempt,
    @Inject(ConfirmAttempt) private readonly confirmAttempt: ConfirmAttempt,
    @Inject(CancelAttempt) private readonly cancelAttempt: CancelAttempt,
    @Inject(PAGE_OPTIONS) private readonly options: PageOptions,
  ) {}

  /** Answers at once, or when the state is no longer the one that was seen, or when the wait is over. */
  @Get(':id')
  async get(
    @Payer() userId: string,
    @Param('id') attemptId: string,
    @ValidQuery(WatchAttemptQuery) query: WatchAttemptQuery,
  ): Promise<ShownAttempt> {
    const until = performance.now() + Number(query.wait_ms ?? 0);
    for (;;) {
      const attempt = await this.findAttempt.run({ attemptId, userId });
      if (isNews(attempt, query) || performance.now() >= until) return presentAttempt(attempt);
      await rest(LOOK_MS);
    }
  }

  @Post(':id/confirm')
  @HttpCode(200)
  async confirm(
    @Payer() userId: string,
    @Param('id') attemptId: string,
    @ValidBody(ConfirmAttemptBody) body: ConfirmAttemptBody,
  ): Promise<ShownAttempt> {
    const returnUrl = `${this.options.publicUrl}/checkout/return/${attemptId}`;
    const { method, pin } = body;
    return presentAttempt(
      await this.confirmAttempt.run({ attemptId, userId, method, pin, returnUrl }),
    );
  }

  @Post(':id/cancel')
  @HttpCode(200)
  async cancel(@Payer() userId: string, @Param('id') attemptId: string): Promise<ShownAttempt> {
    return presentLeft(await this.cancelAttempt.run({ attemptId, userId }));
  }
}

function isNews(attempt: Attempt, query: WatchAttemptQuery): boolean {
  if (hasEnded(attempt.state)) return true;
  return query.seen !== undefined && attempt.state !== query.seen;
}
