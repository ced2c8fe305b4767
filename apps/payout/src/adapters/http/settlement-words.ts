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
  readonly downloadPdf: string;
  readonly merchant: string;
  readonly count: string;
  readonly total: string;
  readonly paperNote: string;
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
    downloadPdf: 'Download als PDF',
    merchant: 'Verkoper',
    count: 'Aantal',
    total: 'Totaal',
    paperNote:
      'Bedragen in euro, tijden van Amsterdam. Het laatste lopende totaal is de uitbetaling.',
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
    purposes: {
      gross: 'Betaling',
      fee: 'Kosten',
      refund: 'Terugbetaling',
      'refund-return': 'Terugbetaling teruggekomen',
      dispute: 'Genomen door de bank van de betaler',
      'dispute-return': 'Terug van de bank van de betaler',
    },
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
    downloadPdf: 'Download as PDF',
    merchant: 'Merchant',
    count: 'Count',
    total: 'Total',
    paperNote: 'Amounts in euros, times of Amsterdam. The last running total is the payout.',
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
    purposes: {
      gross: 'Payment',
      fee: 'Fee',
      refund: 'Refund',
      'refund-return': 'Refund came back',
      dispute: 'Taken by the payer’s bank',
      'dispute-return': 'Back from the payer’s bank',
    },
  },
};
