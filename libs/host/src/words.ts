import type { Language } from './money.js';

/** Every word on the sheet. `{payee}` and `{amount}` are put in. */
export interface SheetWords {
  readonly name: string;
  readonly loading: string;
  readonly payTo: string;
  readonly source: string;
  readonly wallet: string;
  readonly walletAvailable: string;
  readonly walletShort: string;
  readonly ideal: string;
  readonly idealHint: string;
  readonly pin: string;
  readonly pinHint: string;
  readonly pay: string;
  readonly payAtBank: string;
  readonly cancel: string;
  readonly confirming: string;
  readonly leave: string;
  readonly atBank: string;
  readonly openBank: string;
  readonly paid: string;
  readonly paidHint: string;
  readonly failed: string;
  readonly notCharged: string;
  readonly again: string;
  readonly close: string;
  readonly test: string;
  readonly expired: string;
  readonly lines: string;
  readonly offline: string;
  readonly pinWrong: string;
  readonly pinLocked: string;
  readonly failures: Readonly<Record<string, string>>;
}

export const SHEET_WORDS: Readonly<Record<Language, SheetWords>> = {
  nl: {
    name: 'Betaal {amount} aan {payee}',
    loading: 'Betaling openen…',
    payTo: 'Aan {payee}',
    source: 'Betaal met',
    wallet: 'Saldo',
    walletAvailable: '{amount} beschikbaar',
    walletShort: '{amount} beschikbaar, te weinig voor deze betaling',
    ideal: 'iDEAL | Wero',
    idealHint: 'Je keurt de betaling goed bij je bank',
    pin: 'Pincode',
    pinHint: 'Zes cijfers',
    pay: 'Betaal {amount}',
    payAtBank: 'Betaal {amount} via je bank',
    cancel: 'Annuleren',
    confirming: 'Bezig met betalen…',
    leave: 'Verder zonder te wachten',
    atBank: 'Rond de betaling af bij je bank. Dit scherm gaat daarna vanzelf verder.',
    openBank: 'Open je bank',
    paid: 'Betaald',
    paidHint: '{amount} aan {payee}',
    failed: 'Niet gelukt',
    notCharged: 'Er is niets afgeschreven.',
    again: 'Probeer opnieuw',
    close: 'Sluiten',
    test: 'Testomgeving: dit is geen echt geld.',
    expired: 'De tijd om te betalen is voorbij. Er is niets afgeschreven.',
    lines: 'Je bestelling',
    offline: 'Geen verbinding. Probeer het zo nog eens; er wordt nooit dubbel afgeschreven.',
    pinWrong: 'Deze pincode klopt niet. Probeer het nog eens.',
    pinLocked:
      'Te vaak een verkeerde pincode. Betaal via je bank, of probeer het over een kwartier.',
    failures: {
      INSUFFICIENT_FUNDS: 'Je saldo is te laag voor deze betaling.',
      PSP_REFUSED: 'Je bank heeft de betaling niet goedgekeurd.',
    },
  },
  en: {
    name: 'Pay {amount} to {payee}',
    loading: 'Opening the payment…',
    payTo: 'To {payee}',
    source: 'Pay with',
    wallet: 'Balance',
    walletAvailable: '{amount} available',
    walletShort: '{amount} available, not enough for this payment',
    ideal: 'iDEAL | Wero',
    idealHint: 'You approve the payment at your bank',
    pin: 'PIN',
    pinHint: 'Six digits',
    pay: 'Pay {amount}',
    payAtBank: 'Pay {amount} at your bank',
    cancel: 'Cancel',
    confirming: 'Paying…',
    leave: 'Continue without waiting',
    atBank: 'Finish the payment at your bank. This screen goes on by itself afterwards.',
    openBank: 'Open your bank',
    paid: 'Paid',
    paidHint: '{amount} to {payee}',
    failed: 'That did not work',
    notCharged: 'Nothing was charged.',
    again: 'Try again',
    close: 'Close',
    test: 'Test environment: this is not real money.',
    expired: 'The time to pay is over. Nothing was charged.',
    lines: 'Your order',
    offline: 'No connection. Try again in a moment; you are never charged twice.',
    pinWrong: 'That PIN is not right. Try again.',
    pinLocked: 'Too many wrong PINs. Pay at your bank, or try again in a quarter of an hour.',
    failures: {
      INSUFFICIENT_FUNDS: 'Your balance is too low for this payment.',
      PSP_REFUSED: 'Your bank did not approve the payment.',
    },
  },
};

export function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}
