import type { ItemAge, ItemReason, OpenItemKind } from '@stuiver/console-api';

const itemsNl: Readonly<Record<OpenItemKind, string>> = {
  'bank-line-without-match': 'Bankregel zonder koppeling',
  'payout-not-on-bank': 'Uitbetaling nog niet op een afschrift',
  'psp-payout-not-on-bank': 'Uitbetaling van de PSP nog niet op een afschrift',
  'psp-payout-not-taken-back': 'Mislukte uitbetaling van de PSP nog niet teruggehaald',
  'payout-rejected': 'Uitbetaling geweigerd',
  'payout-returned': 'Uitbetaling teruggestuurd',
  'psp-transaction-without-booking': 'Bij de PSP, niet in het grootboek',
  'booking-without-psp-transaction': 'In het grootboek, niet bij de PSP',
  'amount-differs': 'Bedrag verschilt',
  'duplicate-statement': 'Afschrift twee keer verteld',
  'bank-answer-contradicts': 'Bank spreekt zichzelf tegen',
  'merchant-below-zero': 'Winkel staat in het rood',
};
const itemHelpNl: Readonly<Record<OpenItemKind, string>> = {
  'bank-line-without-match':
    'Geen regel herkent deze bankregel. Open de regel en zeg zelf wat het is.',
  'payout-not-on-bank':
    'Aan de bank gegeven en nog op geen afschrift. Lees het volgende afschrift in.',
  'psp-payout-not-on-bank':
    'De PSP heeft dit overgemaakt en het staat nog op geen afschrift. Lees het volgende afschrift in.',
  'psp-payout-not-taken-back':
    'De PSP zegt dat deze uitbetaling alsnog mislukte. De bank haalt het bedrag weer van de rekening; lees het volgende afschrift in.',
  'payout-rejected':
    'De bank heeft niet betaald. Bevestig of wijzig de rekening; daarna gaat het bedrag opnieuw mee.',
  'payout-returned':
    'Betaald en teruggekomen. Bevestig of wijzig de rekening; daarna gaat het bedrag opnieuw mee.',
  'psp-transaction-without-booking':
    'De PSP kent een beweging die niet is geboekt. Meestal komt de boeking vanzelf; na de uiterste tijd zoek je het uit.',
  'booking-without-psp-transaction':
    'Er is geboekt wat de PSP nog niet heeft gemeld. Meestal komt de melding vanzelf; na de uiterste tijd vraag je de PSP.',
  'amount-differs':
    'Beide kanten kennen het, met een ander bedrag. Vergelijk de twee en zoek het verschil uit.',
  'duplicate-statement':
    'Een ander bestand vertelde over dezelfde dagen en is geweigerd. Vergelijk de twee en sluit deze post.',
  'bank-answer-contradicts':
    'De bank zei geweigerd, en een afschrift toont het als betaald. Bel de bank.',
  'merchant-below-zero':
    'Er is meer teruggehaald dan verdiend. Nieuwe verkopen lossen het af. Komen die niet, vraag de winkel om het geld.',
};

const itemReasonsNl: Readonly<Record<ItemReason, string>> = {
  'on-its-way': 'Nog onderweg',
  'wrong-reference': 'Verkeerd kenmerk',
  'wrong-amount': 'Verkeerd bedrag',
  'bank-error': 'Fout van de bank',
  'psp-error': 'Fout van de PSP',
  'our-error': 'Fout van ons',
  'party-asked': 'Navraag gedaan',
  other: 'Iets anders',
};

const itemAgesNl: Readonly<Record<ItemAge, string>> = {
  '0-1': '0–1 dag',
  '2-3': '2–3 dagen',
  '4-7': '4–7 dagen',
  '8-': 'meer dan 7 dagen',
};

export const itemCodesNl = {
  item: itemsNl,
  itemHelp: itemHelpNl,
  itemReason: itemReasonsNl,
  itemAge: itemAgesNl,
};

export const itemNl = {
  item: 'Open post',
  owner: 'Eigenaar',
  nobody: 'Niemand',
  mine: 'Ik',
  age: 'Leeftijd',
  cause: 'Oorzaak',
  noCause: 'Nog niet bekend',
  deadline: 'Onze termijn',
  show: 'Bekijk',
  late: 'te laat',
  comments: 'Opmerkingen',
  comment: 'Opmerking',
  commentHint: 'Blijft bij de post staan, met je naam.',
  work: 'Bijwerken',
  take: 'Neem deze post',
  save: 'Bewaar',
  history: 'Wat er is gezegd',
  noHistory: 'Nog niemand heeft iets gezegd. Neem de post, of schrijf wat je weet.',
  closed: 'Gesloten',
  toSource: 'Waar het om gaat',
  unmatch: 'Neem de match terug',
  unmatchTitle: 'Match van {amount} terugnemen?',
  unmatchSure:
    'Wat is geboekt wordt omgekeerd geboekt, en de regel is weer een open post. Daarna plaats je hem zelf; de oude match blijft zichtbaar.',
  unmatchDo: 'Ja, neem {amount} terug',
  unmatchWhy: 'Waarom klopt de match niet?',
  pastMatches: 'Eerdere matches',
  unmatchedBy: 'Teruggenomen door {by}',
  byAge: 'Wat op iemand wacht, naar leeftijd',
};
export type ItemWords = typeof itemNl;
