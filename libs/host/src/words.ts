import type { Language } from './money.js';

/** Every word on the sheet, in the payer's language. `{payee}`, `{amount}`, `{time}` are put in. */
const nl = {
  name: 'Betaal {amount} aan {payee}',
  loading: 'Betaling openen…',
  payTo: 'Aan {payee}',
  lines: 'Je bestelling ({count})',
  source: 'Betaal met',
  change: 'Wijzig',
  wallet: 'Saldo',
  walletAvailable: '{amount} beschikbaar',
  walletShort: '{amount} beschikbaar: te weinig voor deze betaling',
  ideal: 'iDEAL | Wero',
  idealHint: 'Je keurt de betaling goed bij je bank',
  card: 'Kaart',
  cardHint: 'Visa, Mastercard en andere',
  pin: 'Pincode',
  pinHint: 'Zes cijfers',
  pinShort: 'Vul de zes cijfers van je pincode in.',
  pay: 'Betaal {amount}',
  payAtBank: 'Betaal {amount} via je bank',
  payByCard: 'Betaal {amount} met je kaart',
  cancel: 'Annuleren',
  cancelling: 'Annuleren…',
  confirming: 'Bezig met betalen…',
  leave: 'Verder zonder te wachten',
  leaveHint: 'De winkel hoort het zodra de betaling zeker is.',
  atBank: 'Rond de betaling af bij je bank. Dit scherm gaat daarna vanzelf verder.',
  atCard: 'Vul je kaart in het andere venster in. Dit scherm gaat daarna vanzelf verder.',
  held: 'We kijken deze betaling eerst na. Er is niets afgeschreven.',
  heldHint: 'Dat duurt hooguit een half uur. Blijf hier, of open deze bestelling later opnieuw.',
  openBank: 'Open je bank',
  openCard: 'Open het kaartvenster',
  toBank: 'Je gaat naar je bank…',
  expiresSoon: 'Je hebt nog {time} om te betalen.',
  offline: 'Geen verbinding. We blijven vragen hoe het staat; er wordt nooit dubbel afgeschreven.',
  paid: 'Betaald',
  paidHint: '{amount} aan {payee}',
  failed: 'Niet gelukt',
  again: 'Probeer opnieuw',
  close: 'Sluiten',
  problems: {
    PIN_WRONG: 'Deze pincode klopt niet. Probeer het nog eens.',
    PIN_LOCKED:
      'Te vaak een verkeerde pincode. Betaal via je bank, of probeer het over een kwartier.',
    PIN_MISSING: 'Je hebt nog geen pincode. Betaal via je bank.',
    NOTHING_SENT: 'Geen verbinding. Probeer het nog eens; er wordt nooit dubbel afgeschreven.',
    CHECKED: 'We hebben de betaling nagekeken. Je kunt nu betalen.',
    PSP_UNREACHABLE:
      'Je bank is nu niet te bereiken. Betaal uit je saldo, of probeer het over een minuut. Er is niets afgeschreven.',
  },
  failures: {
    OTHER: 'De betaling is niet gelukt. Er is niets afgeschreven.',
    INSUFFICIENT_FUNDS: 'Je saldo is te laag voor deze betaling. Er is niets afgeschreven.',
    PSP_REFUSED: 'Je bank heeft de betaling niet goedgekeurd. Er is niets afgeschreven.',
    ANOTHER_ATTEMPT_OPEN: 'Er loopt al een betaling voor deze bestelling. Probeer het zo nog eens.',
    ORDER_ALREADY_PAID: 'Deze bestelling is al betaald. Er is niets extra afgeschreven.',
    ORDER_IS_CLOSED: 'De winkel heeft deze bestelling gesloten. Er is niets afgeschreven.',
    ORDER_IS_EXPIRED: 'De tijd om te betalen is voorbij. Er is niets afgeschreven.',
    RISK_REFUSED: 'We hebben deze betaling na een controle geweigerd. Er is niets afgeschreven.',
    RISK_LAPSED: 'Het nakijken duurde te lang. Er is niets afgeschreven. Probeer het nog eens.',
    PAID_BACK: 'Je betaling kwam te laat. Je krijgt het hele bedrag terug.',
    NOT_SIGNED_IN: 'Je bent niet meer ingelogd. Er is niets afgeschreven. Open de pagina opnieuw.',
  },
};

export type SheetWords = typeof nl;

const en: SheetWords = {
  name: 'Pay {amount} to {payee}',
  loading: 'Opening the payment…',
  payTo: 'To {payee}',
  lines: 'Your order ({count})',
  source: 'Pay with',
  change: 'Change',
  wallet: 'Balance',
  walletAvailable: '{amount} available',
  walletShort: '{amount} available: not enough for this payment',
  ideal: 'iDEAL | Wero',
  idealHint: 'You approve the payment at your bank',
  card: 'Card',
  cardHint: 'Visa, Mastercard and others',
  pin: 'PIN',
  pinHint: 'Six digits',
  pinShort: 'Enter the six digits of your PIN.',
  pay: 'Pay {amount}',
  payAtBank: 'Pay {amount} at your bank',
  payByCard: 'Pay {amount} by card',
  cancel: 'Cancel',
  cancelling: 'Cancelling…',
  confirming: 'Paying…',
  leave: 'Continue without waiting',
  leaveHint: 'The shop hears as soon as the payment is certain.',
  atBank: 'Finish the payment at your bank. This screen goes on by itself afterwards.',
  atCard: 'Enter your card in the other window. This screen goes on by itself afterwards.',
  held: 'We are looking at this payment first. Nothing was charged.',
  heldHint: 'That takes half an hour at most. Stay here, or open this order again later.',
  openBank: 'Open your bank',
  openCard: 'Open the card window',
  toBank: 'Taking you to your bank…',
  expiresSoon: 'You have {time} left to pay.',
  offline: 'No connection. We keep asking how it stands; you are never charged twice.',
  paid: 'Paid',
  paidHint: '{amount} to {payee}',
  failed: 'That did not work',
  again: 'Try again',
  close: 'Close',
  problems: {
    PIN_WRONG: 'That PIN is not right. Try again.',
    PIN_LOCKED: 'Too many wrong PINs. Pay at your bank, or try again in a quarter of an hour.',
    PIN_MISSING: 'You have no PIN yet. Pay at your bank.',
    NOTHING_SENT: 'No connection. Try again; you are never charged twice.',
    CHECKED: 'We have looked at the payment. You can pay now.',
    PSP_UNREACHABLE:
      'Your bank cannot be reached now. Pay from your balance, or try again in a minute. Nothing was charged.',
  },
  failures: {
    OTHER: 'The payment did not work. Nothing was charged.',
    INSUFFICIENT_FUNDS: 'Your balance is too low for this payment. Nothing was charged.',
    PSP_REFUSED: 'Your bank did not approve the payment. Nothing was charged.',
    ANOTHER_ATTEMPT_OPEN: 'A payment for this order is already under way. Try again in a moment.',
    ORDER_ALREADY_PAID: 'This order is already paid. Nothing more was charged.',
    ORDER_IS_CLOSED: 'The shop has closed this order. Nothing was charged.',
    ORDER_IS_EXPIRED: 'The time to pay is over. Nothing was charged.',
    RISK_REFUSED: 'We refused this payment after a check. Nothing was charged.',
    RISK_LAPSED: 'The check took too long. Nothing was charged. Try again.',
    PAID_BACK: 'Your payment came too late. You get the whole amount back.',
    NOT_SIGNED_IN: 'You are no longer signed in. Nothing was charged. Open the page again.',
  },
};

export const SHEET_WORDS: Readonly<Record<Language, SheetWords>> = { nl, en };

/** What a failure means for the payer: what happened, and whether money moved. */
export function failureWords(words: SheetWords, code: string): string {
  const known: Readonly<Record<string, string>> = words.failures;
  return known[code] ?? words.failures.OTHER;
}

export function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}
