import type { WriteOffWords } from './write-off-words-nl.js';

export const writeOffsEn: WriteOffWords = {
  title: 'Write-offs',
  hint: 'Is this nobody’s (the bank’s fees or interest, a small difference)? Somebody else of finance approves it.',
  ask: 'Ask for a write-off',
  askSure:
    'Once approved, {amount} goes to the profit and loss account of this reason. Nothing is booked yet.',
  reason: 'What is it?',
  'bank-fee': 'The bank’s fees',
  interest: 'Interest',
  tolerance: 'Small difference',
  'bad-debt': 'Not collectable',
  unidentified: 'Cannot be found out',
  note: 'How do you know?',
  asked: 'Waits for approval',
  approved: 'Approved',
  refused: 'Refused',
  withdrawn: 'Withdrawn',
  askedBy: 'Asked for by {name}: {note}',
  decidedBy: '{state} by {name}',
  approve: 'Approve',
  approveSure: '{amount} is booked as “{reason}”. That stays.',
  refuse: 'Refuse',
  withdraw: 'Withdraw',
  endSure: 'The line stays open. Nothing is booked.',
  yours: 'You asked for this. Somebody else of finance approves it.',
};
