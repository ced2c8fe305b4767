import { registerDecorator, ValidateIf, type ValidationOptions } from 'class-validator';
import { parseWireTime } from '@stuiver/merchant-wire';

/** May be absent; null is not absent. */
export function Optional(): PropertyDecorator {
  return ValidateIf((_object, value) => value !== undefined);
}

/** The merchant's own number of an order (section 2.2). */
export const OUT_TRADE_NO = /^[0-9A-Za-z_\-|*]{6,32}$/;
export const OUT_TRADE_NO_SAYS = 'must be 6 to 32 of the characters 0-9 A-Z a-z _ - | *';
/** The merchant's own number of a refund (section 5). */
export const OUT_REFUND_NO = /^[0-9A-Za-z_\-|*@]{1,64}$/;
export const OUT_REFUND_NO_SAYS = 'must be 1 to 64 of the characters 0-9 A-Z a-z _ - | * @';
export const TRANSACTION_ID = /^[0-9]{1,32}$/;
export const TRANSACTION_ID_SAYS = 'must be 1 to 32 digits';

/** Orders are far below this; above it a JSON integer would no longer be exact. */
export const AMOUNT_MINOR_MAX = 999_999_999_999;

const NOTIFY_URL_CHARACTERS_MAX = 255;

/** An absolute http or https address without query, fragment or password (sections 2.2, 4.3). */
export function IsNotifyUrl(): PropertyDecorator {
  const says =
    `must be an absolute http or https URL of at most ${String(NOTIFY_URL_CHARACTERS_MAX)} characters, ` +
    'without query, fragment or user name';
  return ownRule('isNotifyUrl', isNotifyUrl, { message: `$property ${says}` });
}

/** RFC 3339 with an offset or Z. */
export function IsWireTime(): PropertyDecorator {
  const isTime = (value: unknown): boolean =>
    typeof value === 'string' && parseWireTime(value) !== null;
  return ownRule('isWireTime', isTime, {
    message: '$property must be RFC 3339 with an offset, such as 2026-11-23T10:00:00+01:00',
  });
}

/** An object whose JSON text is at most so many bytes. */
export function JsonBytesMax(max: number): PropertyDecorator {
  const fits = (value: unknown): boolean => Buffer.byteLength(JSON.stringify(value)) <= max;
  return ownRule('jsonBytesMax', fits, {
    message: `$property must be at most ${String(max)} bytes of JSON`,
  });
}

function isNotifyUrl(value: unknown): boolean {
  if (typeof value !== 'string' || value.length > NOTIFY_URL_CHARACTERS_MAX) return false;
  if (!/^https?:\/\/[\x21-\x7e]+$/i.test(value) || /[?#\\]/.test(value)) return false;
  const url = URL.canParse(value) ? new URL(value) : null;
  return url !== null && url.hostname !== '' && url.username === '' && url.password === '';
}

function ownRule(
  name: string,
  validate: (value: unknown) => boolean,
  validationOptions: ValidationOptions,
): PropertyDecorator {
  return (target, propertyName) => {
    registerDecorator({
      name,
      target: target.constructor,
      propertyName: String(propertyName),
      options: validationOptions,
      validator: { validate },
    });
  };
}
