import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsInt,
  IsObject,
  IsString,
  Length,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import {
  AMOUNT_MINOR_MAX,
  IsNotifyUrl,
  Optional,
  OUT_REFUND_NO,
  OUT_REFUND_NO_SAYS,
  OUT_TRADE_NO,
  OUT_TRADE_NO_SAYS,
  TRANSACTION_ID,
  TRANSACTION_ID_SAYS,
} from './rules.js';

/* Limits as in the merchant contract, section 5. */

const GOODS_MAX = 200;

export class RefundFromBody {
  @IsIn(['AVAILABLE', 'UNAVAILABLE']) readonly account!: string;
  @IsInt() @Min(1) @Max(AMOUNT_MINOR_MAX) readonly amount!: number;
}

export class RefundAmountBody {
  @IsInt() @Min(1) @Max(AMOUNT_MINOR_MAX) readonly refund!: number;
  @IsInt() @Min(1) @Max(AMOUNT_MINOR_MAX) readonly total!: number;
  @Optional() @IsString() @Length(1, 16) readonly currency?: string;
  @Optional()
  @IsArray()
  @ArrayMaxSize(2)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => RefundFromBody)
  readonly from?: readonly RefundFromBody[];
}

export class RefundGoodsBody {
  @IsString() @Length(1, 32) readonly merchant_goods_id!: string;
  @Optional() @IsString() @Length(1, 32) readonly wechatpay_goods_id?: string;
  @Optional() @IsString() @Length(1, 256) readonly goods_name?: string;
  @IsInt() @Min(0) @Max(AMOUNT_MINOR_MAX) readonly unit_price!: number;
  @IsInt() @Min(0) @Max(AMOUNT_MINOR_MAX) readonly refund_amount!: number;
  @IsInt() @Min(1) @Max(AMOUNT_MINOR_MAX) readonly refund_quantity!: number;
}

/** `POST /v3/refund/domestic/refunds`. */
export class RequestRefundBody {
  @Optional()
  @IsString()
  @Matches(TRANSACTION_ID, { message: `$property ${TRANSACTION_ID_SAYS}` })
  readonly transaction_id?: string;
  @Optional()
  @IsString()
  @Matches(OUT_TRADE_NO, { message: `$property ${OUT_TRADE_NO_SAYS}` })
  readonly out_trade_no?: string;
  @IsString()
  @Matches(OUT_REFUND_NO, { message: `$property ${OUT_REFUND_NO_SAYS}` })
  readonly out_refund_no!: string;
  @Optional() @IsString() @Length(1, 80) readonly reason?: string;
  @Optional() @IsNotifyUrl() readonly notify_url?: string;
  @Optional() @IsIn(['AVAILABLE', 'UNSETTLED']) readonly funds_account?: string;
  @IsObject()
  @ValidateNested()
  @Type(() => RefundAmountBody)
  readonly amount!: RefundAmountBody;
  @Optional()
  @IsArray()
  @ArrayMaxSize(GOODS_MAX)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => RefundGoodsBody)
  readonly goods_detail?: readonly RefundGoodsBody[];
}
