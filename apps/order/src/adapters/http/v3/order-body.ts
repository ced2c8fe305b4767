import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsIP,
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
  IsWireTime,
  JsonBytesMax,
  Optional,
  OUT_TRADE_NO,
  OUT_TRADE_NO_SAYS,
} from './rules.js';

/* Limits as in the merchant contract, section 2.2. */

const DETAIL_BYTES_MAX = 6000;
const GOODS_MAX = 200;

export class OrderAmountBody {
  @IsInt() @Min(1) @Max(AMOUNT_MINOR_MAX) readonly total!: number;
  @Optional() @IsString() @Length(1, 16) readonly currency?: string;
}

export class GoodsBody {
  @IsString() @Length(1, 32) readonly merchant_goods_id!: string;
  @Optional() @IsString() @Length(1, 32) readonly wechatpay_goods_id?: string;
  @Optional() @IsString() @Length(1, 256) readonly goods_name?: string;
  @IsInt() @Min(1) @Max(AMOUNT_MINOR_MAX) readonly quantity!: number;
  @IsInt() @Min(0) @Max(AMOUNT_MINOR_MAX) readonly unit_price!: number;
}

export class DetailBody {
  @Optional() @IsInt() @Min(0) @Max(AMOUNT_MINOR_MAX) readonly cost_price?: number;
  @Optional() @IsString() @Length(0, 32) readonly invoice_id?: string;
  @Optional()
  @IsArray()
  @ArrayMaxSize(GOODS_MAX)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => GoodsBody)
  readonly goods_detail?: readonly GoodsBody[];
}

export class StoreBody {
  @IsString() @Length(1, 32) readonly id!: string;
  @Optional() @IsString() @Length(0, 256) readonly name?: string;
  @Optional() @IsString() @Length(0, 32) readonly area_code?: string;
  @Optional() @IsString() @Length(0, 512) readonly address?: string;
}

export class SceneBody {
  @Optional() @IsIP() readonly payer_client_ip?: string;
  @Optional() @IsString() @Length(0, 32) readonly device_id?: string;
  @Optional()
  @IsObject()
  @ValidateNested()
  @Type(() => StoreBody)
  readonly store_info?: StoreBody;
}

export class SettleBody {
  @Optional() @IsBoolean() readonly profit_sharing?: boolean;
}

/** `POST /v3/pay/transactions/native`, and what every other kind of order has too. */
export class OpenOrderBody {
  @IsString() @Length(1, 32) readonly appid!: string;
  @IsString() @Length(1, 32) readonly mchid!: string;
  @IsString() @Length(1, 127) readonly description!: string;
  @IsString()
  @Matches(OUT_TRADE_NO, { message: `$property ${OUT_TRADE_NO_SAYS}` })
  readonly out_trade_no!: string;
  @Optional() @IsWireTime() readonly time_expire?: string;
  @Optional() @IsString() @Length(0, 128) readonly attach?: string;
  @IsNotifyUrl() readonly notify_url!: string;
  @Optional() @IsString() @Length(0, 32) readonly goods_tag?: string;
  @Optional()
  @IsArray()
  @IsIn(['no_balance', 'no_credit', 'no_debit', 'balance_only'], { each: true })
  @ArrayMaxSize(4)
  readonly limit_pay?: readonly string[];
  @Optional() @IsBoolean() readonly support_fapiao?: boolean;
  @IsObject()
  @ValidateNested()
  @Type(() => OrderAmountBody)
  readonly amount!: OrderAmountBody;
  @Optional()
  @IsObject()
  @JsonBytesMax(DETAIL_BYTES_MAX)
  @ValidateNested()
  @Type(() => DetailBody)
  readonly detail?: DetailBody;
  @Optional()
  @IsObject()
  @ValidateNested()
  @Type(() => SceneBody)
  readonly scene_info?: SceneBody;
  @Optional()
  @IsObject()
  @ValidateNested()
  @Type(() => SettleBody)
  readonly settle_info?: SettleBody;
  @Optional() @IsObject() @JsonBytesMax(DETAIL_BYTES_MAX) readonly subsidy_info?: object;
}

export class IdentityBody {
  @IsString() @Length(1, 32) readonly type!: string;
  @Optional() @IsString() @Length(1, 1024) readonly number?: string;
  @Optional() @IsString() @Length(1, 1024) readonly name?: string;
}

export class PayerBody {
  @IsString() @Length(1, 128) readonly openid!: string;
  @Optional()
  @IsObject()
  @ValidateNested()
  @Type(() => IdentityBody)
  readonly identity?: IdentityBody;
}

/** `POST /v3/pay/transactions/jsapi`. */
export class OpenJsapiOrderBody extends OpenOrderBody {
  @IsObject()
  @ValidateNested()
  @Type(() => PayerBody)
  readonly payer!: PayerBody;
}
