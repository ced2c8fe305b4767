import { ValidateIf } from 'class-validator';

/** May be absent; null is no absence. */
export function Optional(): PropertyDecorator {
  return ValidateIf((_dto: object, value: unknown) => value !== undefined);
}

/** The PSP's own name of a payment method, never a number. */
export const CARD_TOKEN = /^pm_[A-Za-z0-9_]{1,60}$/;
export const CARD_TOKEN_SAYS = '$property must be a name such as pm_card_visa';
export const MINOR = /^[1-9]\d{0,11}$/;
export const MINOR_SAYS = '$property must be a whole number of cents, as text';

/** What a page makes up for one thing that it asks for, so that asking twice is asking once. */
export const REQUEST_ID = /^[0-9A-Za-z_-]{8,40}$/;
export const REQUEST_ID_SAYS =
  '$property must be 8 to 40 letters, digits, _ or -: a new one per request';

export const ORDER_ID = /^ord_[0-9a-z]{26}$/;
export const ORDER_ID_SAYS = 'must be an order id';
