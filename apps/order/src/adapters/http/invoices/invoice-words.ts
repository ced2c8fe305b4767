const NL = {
  title: 'Factuur betaalkosten',
  number: 'Factuurnummer',
  date: 'Factuurdatum',
  month: 'Maand',
  from: 'Van',
  to: 'Aan',
  method: 'Betaalmethode',
  payments: 'Aantal',
  turnover: 'Betaald (€)',
  net: 'Kosten (€)',
  vat: 'Btw (€)',
  total: 'Samen (€)',
  sum: 'Totaal',
  withheld: 'Dit bedrag is al ingehouden op je betalingen. Je hoeft niets over te maken.',
  rounding: 'Kosten en btw zijn per betaling op hele centen afgerond, een halve cent naar boven.',
  methods: { wallet: 'Wallet', ideal: 'iDEAL', card: 'Kaart' },
  reasons: {
    standard: '{percent} % btw',
    exempt: 'vrijgesteld van btw, art. 11 lid 1 onder i en j Wet OB 1968',
    'reverse-charge': 'btw verlegd',
  },
};

const EN: typeof NL = {
  title: 'Invoice for payment fees',
  number: 'Invoice number',
  date: 'Date of invoice',
  month: 'Month',
  from: 'From',
  to: 'To',
  method: 'Method',
  payments: 'Payments',
  turnover: 'Paid (€)',
  net: 'Fees (€)',
  vat: 'VAT (€)',
  total: 'Together (€)',
  sum: 'Total',
  withheld: 'This amount has been withheld from your payments. There is nothing to pay.',
  rounding: 'Fees and VAT are rounded to whole cents per payment, half a cent up.',
  methods: { wallet: 'Wallet', ideal: 'iDEAL', card: 'Card' },
  reasons: {
    standard: '{percent} % VAT',
    exempt: 'exempt from VAT, art. 135(1)(d) of Directive 2006/112/EC',
    'reverse-charge': 'reverse charge of VAT',
  },
};

export const INVOICE_WORDS = { nl: NL, en: EN };
export type InvoiceLanguage = keyof typeof INVOICE_WORDS;
