import type { ItemAge, ItemReason, OpenItemKind } from '@stuiver/console-api';
import type { ItemWords } from './item-words-nl.js';

const itemsEn: Readonly<Record<OpenItemKind, string>> = {
  'bank-line-without-match': 'Bank line without a match',
  'payout-not-on-bank': 'Payout on no statement yet',
  'psp-payout-not-on-bank': 'Payout of the PSP on no statement yet',
  'psp-payout-not-taken-back': 'Failed payout of the PSP not taken back yet',
  'payout-rejected': 'Payout rejected',
  'payout-returned': 'Payout returned',
  'psp-transaction-without-booking': 'At the PSP, not in the ledger',
  'booking-without-psp-transaction': 'In the ledger, not at the PSP',
  'amount-differs': 'Amount differs',
  'duplicate-statement': 'Statement told twice',
  'bank-answer-contradicts': 'The bank contradicts itself',
  'merchant-below-zero': 'Merchant is below zero',
};
const itemHelpEn: Readonly<Record<OpenItemKind, string>> = {
  'bank-line-without-match': 'No rule knows this bank line. Open the line and say what it is.',
  'payout-not-on-bank': 'Given to the bank, and on no statement yet. Import the next statement.',
  'psp-payout-not-on-bank':
    'The PSP sent this, and it is on no statement yet. Import the next statement.',
  'psp-payout-not-taken-back':
    'The PSP says that this payout failed after all. The bank takes the amount from the account again; import the next statement.',
  'payout-rejected':
    'The bank did not pay. Confirm or change the account; then the amount goes along again.',
  'payout-returned':
    'Paid, and it came back. Confirm or change the account; then the amount goes along again.',
  'psp-transaction-without-booking':
    'The PSP has a movement that is not booked. Usually the booking comes by itself; past the due time, look into it.',
  'booking-without-psp-transaction':
    'Something is booked that the PSP has not told yet. Usually it comes by itself; past the due time, ask the PSP.',
  'amount-differs': 'Both sides have it, with another amount. Compare the two and find out why.',
  'duplicate-statement':
    'Another file told of the same days and was refused. Compare the two and close this item.',
  'bank-answer-contradicts':
    'The bank said rejected, and a statement shows it as paid. Call the bank.',
  'merchant-below-zero':
    'More was taken back than earned. New sales make up for it. When none come, ask the merchant for the money.',
};

const itemReasonsEn: Readonly<Record<ItemReason, string>> = {
  'on-its-way': 'Still on its way',
  'wrong-reference': 'Wrong reference',
  'wrong-amount': 'Wrong amount',
  'bank-error': 'The bank’s mistake',
  'psp-error': 'The PSP’s mistake',
  'our-error': 'Our mistake',
  'party-asked': 'Asked the other party',
  other: 'Something else',
};

const itemAgesEn: Readonly<Record<ItemAge, string>> = {
  '0-1': '0–1 day',
  '2-3': '2–3 days',
  '4-7': '4–7 days',
  '8-': 'more than 7 days',
};

export const itemCodesEn = {
  item: itemsEn,
  itemHelp: itemHelpEn,
  itemReason: itemReasonsEn,
  itemAge: itemAgesEn,
};

export const itemEn: ItemWords = {
  item: 'Open item',
  owner: 'Owner',
  nobody: 'Nobody',
  mine: 'Me',
  age: 'Age',
  cause: 'Cause',
  noCause: 'Not known yet',
  deadline: 'Our deadline',
  show: 'Look',
  late: 'late',
  comments: 'Comments',
  comment: 'Comment',
  commentHint: 'Stays with the item, with your name.',
  work: 'Update',
  take: 'Take this item',
  save: 'Save',
  history: 'What was said',
  noHistory: 'Nobody has said anything yet. Take the item, or write what you know.',
  closed: 'Closed',
  toSource: 'What it is about',
  unmatch: 'Take the match back',
  unmatchTitle: 'Take back the match of {amount}?',
  unmatchSure:
    'What was booked is booked the other way round, and the line is open again, for you to place. The old match stays to be seen.',
  unmatchDo: 'Yes, take {amount} back',
  unmatchWhy: 'Why is the match wrong?',
  pastMatches: 'Earlier matches',
  unmatchedBy: 'Taken back by {by}',
  byAge: 'What waits for somebody, by age',
};
