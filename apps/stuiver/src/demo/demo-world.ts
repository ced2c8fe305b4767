/** Who and what a first start shows. All of it is made through the product's own doors. */
export const DEMO_MERCHANT = {
  mchid: '1900000001',
  name: 'Café De Stuiver',
  iban: 'NL91ABNA0417164300',
} as const;

export const DEMO_MINI_PROGRAM = {
  appid: 'wx5tu1ver00000001',
  name: 'Café De Stuiver',
  description: 'Koffie, thee en iets lekkers erbij',
} as const;

export const DEMO_PAYERS = [
  { name: 'Anna de Vries', pin: '246810' },
  { name: 'Bram Jansen', pin: '135790' },
  { name: 'Chloé Bakker', pin: '112358' },
] as const;

/** In the wallet of each demo payer after the first start. */
export const DEMO_WALLET_MINOR = 25_000n;

/** Who works with the consoles. Two for the money, since one makes a payout and another approves it. */
export const DEMO_STAFF = [
  { name: 'Femke Visser', email: 'femke@stuiver.example', roles: ['finance'], merchants: [] },
  { name: 'Jonas Bakker', email: 'jonas@stuiver.example', roles: ['finance'], merchants: [] },
  {
    ...{ name: 'Marieke de Wit', email: 'marieke@cafe.example' },
    ...{ roles: ['merchant'], merchants: [DEMO_MERCHANT.mchid] },
  },
  { name: 'Otto Smit', email: 'otto@stuiver.example', roles: ['operator'], merchants: [] },
] as const;
