import type { CodeWords } from './code-families.js';

/** Why something was refused, for who reads it: by a refusal's `facts.why`. */
export const whyEn: CodeWords['why'] = {
  'review-is-decided': 'This has been decided already.',
  'review-is-over': 'The time to decide is over.',
  'month-not-over': 'This month has not been over for an hour.',
  'maker-may-not-approve-prices': 'You proposed these prices. Someone else has to approve them.',
  'prices-begin-too-soon': 'Prices begin in a minute at the earliest: they never change backwards.',
  'prices-are-decided': 'This proposal has been decided on already.',
  'prices-begin-together': 'Another version of this list begins at the same moment.',
  'maker-may-not-approve': 'You made this file. Someone else has to approve it.',
  'asker-may-not-approve': 'You asked for this account. Someone else of finance has to approve it.',
  'payee-change-over': 'This change is decided or over already.',
  'payee-changing': 'Another change of this account is open. Withdraw or decide it first.',
  'payee-changing-in-batch':
    'Another account was asked for by a merchant in this file. Discard it and make a new one.',
  'other-details': 'The details are other ones by now. Load the page again.',
  'prefunding-needed':
    'The paying account has too little. Someone else of finance has to approve the prefunding first.',
  'second-checker-needed': 'An amount like this needs a second checker.',
  'not-an-iban': 'This IBAN cannot exist: check each digit.',
  'not-a-bank-name': 'Banks cannot write this name.',
  'other-file': 'The file is another one by now. Load the page again.',
  'too-late-for-its-day': 'It cannot be paid on its day any more. Discard it and make a new one.',
  'psp-pays-merchants': 'The PSP pays the merchants. There are no payment files.',
  'other-account': 'This statement is not of our account.',
  'days-imported-already': 'These days are imported already.',
  'statement-missing': 'A statement before this one is missing. Import that one first.',
  'other-opening': 'The opening balance is not the closing balance of the statement before.',
  'statement-twice':
    'Another file told of these days already. This one was refused and is under Open items.',
  'item-closed': 'This item is closed already. Load the page again.',
  'unknown-owner': 'Choose somebody who has worked in finance here.',
  'says-nothing': 'Nothing was changed and nothing said.',
  'deadline-over': 'Choose today or a later day.',
  'terms-changed':
    'Somebody changed the terms meanwhile. Load the page again and look at them first.',
  'day-does-not-fit': 'Choose a day that fits the schedule: 1 to 7 in a week, 1 to 31 in a month.',
  'nothing-open': 'Nothing is open that could be settled.',
  'closes-by-itself': 'This item closes by itself when its cause is gone.',
  'in-another-batch': 'A settlement is in another payment file already. Load the page again.',
  'line-placed-already': 'This bank line is placed already.',
  'not-matched': 'This bank line is not matched any more. Load the page again.',
  'merchant-was-told':
    'This line is about a payout to a merchant, who was told so. This match stays.',
  'went-back-since': 'The bank took this payout back since. Take that match back first.',
  'paid-on-statement': 'The statement shows this payout as paid.',
  'nothing-to-pay': 'There is nothing to pay out now.',
  'all-held-back': 'There is nothing to pay out now. This holds it back:',
  'psp-silent': 'The PSP does not answer. Try again in a moment.',
  'ledger-silent': 'The ledger does not answer. What was begun goes on by itself.',
};
