import { CheckoutProblem, type Method } from './checkout-api.js';
import { PAYMENT } from './outcomes.js';

export function choiceOf(method: Method, pin: string): { method: Method; pin?: string } {
  return method === 'wallet' ? { method, pin } : { method };
}

/** Null when the browser blocked it: the sheet has a link for that. */
export function openBankWindow(): Window | null {
  const bank = window.open('about:blank', '_blank');
  if (bank !== null) bank.opener = null;
  return bank;
}

/** What `requestPayment` says when the server refused, or could not be reached, before anything began. */
export function refusalOf(error: unknown): string {
  if (!(error instanceof CheckoutProblem)) return PAYMENT.network.errMsg;
  return (
    error.facts['err_msg'] ??
    `requestPayment:fail ${error.message.replaceAll(/cancel\w*/gi, 'ended')}`
  );
}
