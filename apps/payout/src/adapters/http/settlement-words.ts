export type Language = 'nl' | 'en';

export interface Words {
  readonly settlements: string;
  readonly settlement: string;
  readonly closed: string;
  readonly payout: string;
  readonly amount: string;
  readonly runningTotal: string;
  readonly executionDate: string;
  readonly account: string;
  readonly booked: string;
  readonly type: string;
  readonly order: string;
  readonly transfer: string;
  readonly lines: string;
  readonly download: string;
  readonly downloadJson: string;
  /** The page shows no more; the files do. */
  readonly firstLines: string;
  readonly back: string;
  readonly runNow: string;
  readonly empty: string;
  readonly nothing: string;
  readonly linkOver: string;
  readonly states: Readonly<Record<string, string>>;
  readonly purposes: Readonly<Record<string, string>>;
}

export const WORDS: Readonly<Record<Language, Words>> = {
  nl: {
    settlements: 'Afrekeningen',
    settlement: 'Afrekening',
    closed: 'Afgesloten',
    payout: 'Uitbetaling',
    amount: 'Bedrag',
    runningTotal: 'Lopend totaal',
    executionDate: 'Op je rekening vanaf',
    account: 'Rekening',
    booked: 'Geboekt',
    type: 'Soort',
    order: 'Bestelling',
    transfer: 'Boeking',
    lines: 'Regels van deze afrekening',
    download: 'Download als CSV',
    downloadJson: 'Download als JSON',
    firstLines: 'Dit zijn de eerste 1.000 regels. De bestanden hebben ze allemaal.',
    back: 'Alle afrekeningen',
    runNow: 'Sluit af en betaal nu uit',
    empty: 'Hier komen je afrekeningen te staan. De eerste komt na je eerste betaling.',
    nothing: 'Er is nu niets af te rekenen. Er is niets veranderd.',
    linkOver: 'Deze link is al gebruikt of verlopen. Vraag een nieuwe aan.',
    states: {
      none: 'Nog niet uitbetaald',
      prepared: 'Wacht op goedkeuring',
      approved: 'Goedgekeurd',
      exported: 'Aan de bank gegeven',
      settled: 'Betaald',
      rejected: 'Door de bank geweigerd',
      returned: 'Door de bank teruggestuurd',
    },
    purposes: { gross: 'Betaling', fee: 'Kosten', refund: 'Terugbetaling' },
  },
  en: {
    settlements: 'Settlements',
    settlement: 'Settlement',
    closed: 'Closed',
    payout: 'Payout',
    amount: 'Amount',
    runningTotal: 'Running total',
    executionDate: 'In your account from',
    account: 'Account',
    booked: 'Booked',
    type: 'Type',
    order: 'Order',
    transfer: 'Ledger transfer',
    lines: 'Lines of this settlement',
    download: 'Download as CSV',
    downloadJson: 'Download as JSON',
    firstLines: 'These are the first 1,000 lines. The files have all of them.',
    back: 'All settlements',
    runNow: 'Close and pay out now',
    empty: 'Your settlements will be listed here. The first follows your first payment.',
    nothing: 'There is nothing to settle now. Nothing has changed.',
    linkOver: 'This link was used already or is over. Ask for a new one.',
    states: {
      none: 'Not paid out yet',
      prepared: 'Waiting for approval',
      approved: 'Approved',
      exported: 'Given to the bank',
      settled: 'Paid',
      rejected: 'Refused by the bank',
      returned: 'Sent back by the bank',
    },
    purposes: { gross: 'Payment', fee: 'Fee', refund: 'Refund' },
  },
};
