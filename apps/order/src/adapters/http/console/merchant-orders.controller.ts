import { Controller, Get, Header, HttpCode, Inject, Param, Post, UseGuards } from '@nestjs/common';
import { IsIn, IsString, Length, Matches } from 'class-validator';
import type { OrderDetail, OrderSummary, Page, RefundAnswer } from '@stuiver/console-api';
import { Refusal } from '@stuiver/errors';
import { ValidBody, ValidQuery } from '@stuiver/http';
import type { Log } from '@stuiver/ports';
import type { Receipt } from '@stuiver/proof';
import { Needs, requireMerchant, SignedIn, type StaffClaims, StaffGuard } from '@stuiver/staff';
import { MakePaymentReceipt } from '../../../use-cases/make-payment-receipt.js';
import { RequestRefund } from '../../../use-cases/request-refund.js';
import { PostgresConsoleOrders } from '../../postgres/console-orders.js';
import {
  MINOR,
  MINOR_SAYS,
  Optional,
  ORDER_ID,
  ORDER_ID_SAYS,
  REQUEST_ID,
  REQUEST_ID_SAYS,
} from '../rules.js';
import { STAFF_LOG } from '../staff/staff-log.js';
import { DAY, DAY_SAYS, realDay } from './days.js';

const ROWS_PER_PAGE = 50;

class OrdersQuery {
  @Optional()
  @IsString()
  @Matches(ORDER_ID, { message: `$property ${ORDER_ID_SAYS}` })
  readonly before?: string;
  @Optional()
  @IsIn(['NOTPAY', 'SUCCESS', 'REFUND', 'CLOSED'])
  readonly state?: OrderSummary['state'];
  @Optional()
  @IsString()
  @Length(1, 64)
  readonly q?: string;
  @Optional()
  @Matches(DAY, { message: `$property ${DAY_SAYS}` })
  readonly from?: string;
  @Optional()
  @Matches(DAY, { message: `$property ${DAY_SAYS}` })
  readonly to?: string;
}

class ConsoleRefundBody {
  @IsString() @Matches(MINOR, { message: MINOR_SAYS }) readonly amountMinor!: string;
  @IsString() @Length(1, 80) readonly reason!: string;
  @IsString()
  @Matches(REQUEST_ID, { message: REQUEST_ID_SAYS })
  readonly requestId!: string;
}

/** A merchant's orders, for its own people and for ours. */
@Controller('console/merchants/:mchid/orders')
@UseGuards(StaffGuard)
export class MerchantOrdersController {
  constructor(
    @Inject(PostgresConsoleOrders) private readonly orders: PostgresConsoleOrders,
    @Inject(RequestRefund) private readonly requestRefund: RequestRefund,
    @Inject(MakePaymentReceipt) private readonly makeReceipt: MakePaymentReceipt,
    @Inject(STAFF_LOG) private readonly log: Log,
  ) {}

  @Get()
  async list(
    @SignedIn() staff: StaffClaims,
    @Param('mchid') mchid: string,
    @ValidQuery(OrdersQuery) query: OrdersQuery,
  ): Promise<Page<OrderSummary>> {
    requireMerchant(staff, mchid);
    const rows = await this.orders.page({
      mchid,
      before: query.before ?? null,
      state: query.state ?? null,
      text: query.q ?? null,
      from: realDay('from', query.from),
      to: realDay('to', query.to),
      limit: ROWS_PER_PAGE + 1,
    });
    const items = rows.slice(0, ROWS_PER_PAGE);
    const next = rows.length > ROWS_PER_PAGE ? (items.at(-1)?.orderId ?? null) : null;
    return { items, next };
  }

  @Get(':orderId')
  async detail(
    @SignedIn() staff: StaffClaims,
    @Param('mchid') mchid: string,
    @Param('orderId') orderId: string,
  ): Promise<OrderDetail> {
    requireMerchant(staff, mchid);
    return this.find(mchid, orderId);
  }

  /** What proves to anybody that the payment is on our books: a file to keep. */
  @Get(':orderId/receipt')
  @Header('content-disposition', 'attachment; filename="stuiver-receipt.json"')
  @Header('cache-control', 'no-store')
  receipt(
    @SignedIn() staff: StaffClaims,
    @Param('mchid') mchid: string,
    @Param('orderId') orderId: string,
  ): Promise<Receipt> {
    requireMerchant(staff, mchid);
    return this.makeReceipt.forMerchant(mchid, orderId);
  }

  /** The same `requestId` twice is one refund. */
  @Post(':orderId/refunds')
  @HttpCode(200)
  @Needs('merchant', 'operator')
  async refund(
    @SignedIn() staff: StaffClaims,
    @Param('mchid') mchid: string,
    @Param('orderId') orderId: string,
    @ValidBody(ConsoleRefundBody) body: ConsoleRefundBody,
  ): Promise<RefundAnswer> {
    requireMerchant(staff, mchid);
    const order = await this.find(mchid, orderId);
    const refund = await this.requestRefund.run({
      mchid,
      by: { outTradeNo: order.outTradeNo },
      outRefundNo: `console-${body.requestId}`,
      amountMinor: BigInt(body.amountMinor),
      totalMinor: BigInt(order.amountMinor),
      currency: order.currency,
      reason: body.reason,
      notifyUrl: null,
      fundsAccount: null,
    });
    this.log.info('a refund was asked for in the console', {
      staff_id: staff.id,
      order_id: orderId,
      refund_id: refund.id,
    });
    return { refundId: refund.id, outRefundNo: refund.outRefundNo, state: refund.state };
  }

  private async find(mchid: string, orderId: string): Promise<OrderDetail> {
    const order = ORDER_ID.test(orderId) ? await this.orders.detail(mchid, orderId) : undefined;
    if (order === undefined) throw new Refusal('NOT_FOUND', { order: orderId.slice(0, 60) });
    return order;
  }
}
