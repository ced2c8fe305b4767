import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsISO8601,
  IsObject,
  IsString,
  Matches,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { PLAIN_NAME } from '../../../domain/person.js';
import type { PriceLine, Prices, VatReason } from '../../../domain/price-list.js';
import { STANDARD_LIST } from '../../../use-cases/prices/price-list-ports.js';

/* Prices as a file or a page says them. What contradicts itself across fields is the domain's to refuse. */

const METHODS = ['default', 'wallet', 'ideal', 'card'] as const;
const BASIS_POINTS = /^(0|[1-9]\d{0,3})(\.\d{1,4})?$/;
const CENTS = /^(0|[1-9]\d{0,8})$/;
const CENTS_SAY = '$property must be a whole number of cents, as text';
const PERCENT = /^(0|[1-9]\d?)(\.\d{1,2})?$/;
const INSTANT = /T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/;

export const LIST = new RegExp(`^(${STANDARD_LIST}|[0-9]{8,32})$`);
export const LIST_SAYS = 'must be standard or a merchant id';
export const VERSION_ID = /^prl_[0-9a-z]{26}$/;
export const VERSION_ID_SAYS = 'must be the id of a version';

class VatBody {
  @IsIn(['standard', 'exempt', 'reverse-charge']) readonly reason!: VatReason;
  @IsString()
  @Matches(PERCENT, { message: '$property must be a percentage as text, such as 21' })
  readonly percent!: string;
}

class PriceLineBody {
  @IsIn(METHODS) readonly method!: PriceLine['method'];
  @IsString()
  @Matches(BASIS_POINTS, {
    message: '$property must be hundredths of a percent as text, such as 140 for 1.4 %',
  })
  readonly basisPoints!: string;
  @IsString() @Matches(CENTS, { message: CENTS_SAY }) readonly fixedMinor!: string;
  @IsString() @Matches(CENTS, { message: CENTS_SAY }) readonly minimumMinor!: string;
  @ValidateIf((_dto: object, value: unknown) => value !== null)
  @IsString()
  @Matches(CENTS, { message: `${CENTS_SAY}, or null for no cap` })
  readonly capMinor!: string | null;
  @IsObject() @ValidateNested() @Type(() => VatBody) readonly vat!: VatBody;
}

export class PricesBody {
  @IsISO8601({ strict: true })
  @Matches(INSTANT, {
    message: '$property must be an instant with an offset, such as 2026-12-01T00:00:00+01:00',
  })
  readonly validFrom!: string;
  @IsIn(['kept', 'returned']) readonly onRefund!: Prices['onRefund'];
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(METHODS.length)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => PriceLineBody)
  readonly lines!: readonly PriceLineBody[];
}

/** On the command line a person is the name that is given. */
export function Person(): PropertyDecorator {
  return Matches(PLAIN_NAME, {
    message:
      '$property must be a name of 1 to 70 characters, without spaces around it and without invisible signs',
  });
}

export function pricesOf({ validFrom, onRefund, lines }: PricesBody): Prices & { validFrom: Date } {
  return {
    validFrom: new Date(validFrom),
    onRefund,
    lines: lines.map(({ method, basisPoints, fixedMinor, minimumMinor, capMinor, vat }) => ({
      ...{ method, basisPoints },
      fixedMinor: BigInt(fixedMinor),
      minimumMinor: BigInt(minimumMinor),
      capMinor: capMinor === null ? null : BigInt(capMinor),
      vat: { reason: vat.reason, percent: vat.percent },
    })),
  };
}
