export interface MenuItem {
  readonly id: string;
  readonly name: string;
  readonly priceMinor: number;
}

export interface OrderLine {
  readonly item: MenuItem;
  readonly quantity: number;
}

/** Prices are the server's: what the page sends is only which and how many. */
export const MENU: readonly MenuItem[] = [
  { id: 'koffie', name: 'Koffie', priceMinor: 325 },
  { id: 'cappuccino', name: 'Cappuccino', priceMinor: 395 },
  { id: 'thee', name: 'Verse muntthee', priceMinor: 375 },
  { id: 'appeltaart', name: 'Appeltaart', priceMinor: 495 },
  { id: 'stroopwafel', name: 'Stroopwafel', priceMinor: 250 },
];
