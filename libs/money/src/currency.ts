/** ISO 4217 currencies that accounts may be opened in, with the number of minor digits. */
export const CURRENCIES = { EUR: 2 } as const;

export type Currency = keyof typeof CURRENCIES;

export function isCurrency(text: string): text is Currency {
  return Object.hasOwn(CURRENCIES, text);
}

export function minorDigitsOf(currency: Currency): number {
  return CURRENCIES[currency];
}
