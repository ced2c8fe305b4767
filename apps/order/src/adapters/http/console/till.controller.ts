import { setTimeout as rest } from 'node:timers/promises';
import { Controller, Get, HttpCode, Inject, Param, Post, UseGuards } from '@nestjs/common';
import { IsIn, IsString, Length, Matches } from 'class-validator';
import type { CounterDay, TillNow, TillOrder } from '@stuiver/console-api';
import { Refusal } from '@stuiver/errors';
import { ValidBody, ValidQuery, validText } from '@stuiver/http';
import { Needs, requireTill, SignedIn, type StaffClaims, StaffGuard } from '@stuiver/staff';
import { CancelTillOrder } from '../../../use-cases/counter/cancel-till-order.js';
import { OpenTillOrder } from '../../../use-cases/counter/open-till-order.js';
import { PostgresConsoleCounter } from '../../postgres/console-counter.js';
import { PAGE_OPTIONS, type PageOptions } from '../page-options.js';
import { MINOR, MINOR_SAYS, Optional, ORDER_ID, REQUEST_ID, REQUEST_ID_SAYS } from '../rules.js';
import { amsterdamDay, DAY, DAY_SAYS, realDay } from './days.js';

class OpenTillOrderBody {
  @IsString() @Matches(MINOR, { message: MINOR_SAYS }) readonly amountMinor!: string;
  @Optional() @IsString() @Length(1, 70) readonly note?: string;
  @IsString() @Matches(REQUEST_ID, { message: REQUEST_ID_SAYS }) readonly requestId!: string;
}

class WatchTillOrderQuery {
  @Optional()
  @Matches(/^([0-9]{1,4}|10000)$/, { message: '$property must be from 0 to 10000' })
  readonly wait_ms?: string;
  @Optional()
  @IsIn(['waiting', 'paying', 'paid', 'cancelled', 'expired'])
  readonly seen?: TillOrder['state'];
}

const LOOK_MS = 200;

/** The till of a merchant: an amount, a QR code, and whether it was paid. Needs no server and no keys. */
@Controller('console/merchants/:mchid/till')
@UseGuards(StaffGuard)
@Needs('cashier', 'merchant', 'operator')
export class TillController {
  constructor(
    @Inject(PostgresConsoleCounter) private readonly counter: PostgresConsoleCounter,
    @Inject(OpenTillOrder) private readonly openTillOrder: OpenTillOrder,
    @Inject(CancelTillOrder) private readonly cancelTillOrder: CancelTillOrder,
    @Inject(PAGE_OPTIONS) private readonly options: PageOptions,
  ) {}

  /** What this cashier was doing, so that a page that is loaded anew goes on with it; and today. */
  @Get()
  async now(@SignedIn() staff: StaffClaims, @Param('mchid') mchid: string): Promise<TillNow> {
    requireTill(staff, mchid);
    const now = this.options.clock.now();
    const open = await this.counter.openTillOrder(mchid, staff.id, now);
    return { open, today: await this.counter.day(mchid, amsterdamDay(now)) };
  }

  @Get('days/:day')
  async day(
    @SignedIn() staff: StaffClaims,
    @Param('mchid') mchid: string,
    @Param('day') day: string,
  ): Promise<CounterDay> {
    requireTill(staff, mchid);
    const field = { field: 'day', pattern: DAY, says: DAY_SAYS, location: 'path' } as const;
    const text = validText(day, field);
    return this.counter.day(mchid, realDay('day', text) ?? text);
  }

  /** The same `requestId` twice is one order. */
  @Post('orders')
  @HttpCode(200)
  async open(
    @SignedIn() staff: StaffClaims,
    @Param('mchid') mchid: string,
    @ValidBody(OpenTillOrderBody) body: OpenTillOrderBody,
  ): Promise<TillOrder> {
    requireTill(staff, mchid);
    const { order } = await this.openTillOrder.run({
      ...{ mchid, staffId: staff.id, requestId: body.requestId },
      ...{ amountMinor: BigInt(body.amountMinor), note: body.note ?? null },
    });
    return this.find(mchid, order.id);
  }

  /** Answers at once, or when the state is no longer the one that was seen, or when the wait is over. */
  @Get('orders/:orderId')
  async watch(
    @SignedIn() staff: StaffClaims,
    @Param('mchid') mchid: string,
    @Param('orderId') orderId: string,
    @ValidQuery(WatchTillOrderQuery) query: WatchTillOrderQuery,
  ): Promise<TillOrder> {
    requireTill(staff, mchid);
    const until = performance.now() + Number(query.wait_ms ?? 0);
    for (;;) {
      const order = await this.find(mchid, orderId);
      if (order.state !== query.seen || performance.now() >= until) return order;
      await rest(LOOK_MS);
    }
  }

  /** Answers with what became of it: an order that was paid meanwhile is paid. */
  @Post('orders/:orderId/cancel')
  @HttpCode(200)
  async cancel(
    @SignedIn() staff: StaffClaims,
    @Param('mchid') mchid: string,
    @Param('orderId') orderId: string,
  ): Promise<TillOrder> {
    requireTill(staff, mchid);
    await this.find(mchid, orderId);
    try {
      await this.cancelTillOrder.run(mchid, orderId);
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== 'ORDER_PAID') throw error;
    }
    return this.find(mchid, orderId);
  }

  private async find(mchid: string, orderId: string): Promise<TillOrder> {
    const now = this.options.clock.now();
    const order = ORDER_ID.test(orderId)
      ? await this.counter.tillOrder(mchid, orderId, now)
      : undefined;
    if (order === undefined) throw new Refusal('NOT_FOUND', { order: orderId.slice(0, 60) });
    return order;
  }
}
