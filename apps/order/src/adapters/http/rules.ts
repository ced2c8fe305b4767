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

export const ORDER_ID = /^ord_[0-9a-z]{26}$/;
export const ORDER_ID_SAYS = 'must be an order id';
