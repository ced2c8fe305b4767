export const writeOffsNl = {
  title: 'Kosten, verschillen en eigen geld',
  hint: 'Is dit van niemand anders (kosten, rente, een klein verschil, eigen geld)? Een ander van finance keurt het goed.',
  ask: 'Vraag goedkeuring',
  askSure:
    '{amount} gaat na goedkeuring naar de rekening van deze reden. Er wordt nog niets geboekt.',
  reason: 'Wat is het?',
  'bank-fee': 'Kosten van de bank',
  interest: 'Rente',
  tolerance: 'Klein verschil',
  'bad-debt': 'Oninbaar',
  unidentified: 'Niet te achterhalen',
  'own-funds': 'Eigen geld, gestort of opgenomen',
  note: 'Hoe weet je dat?',
  asked: 'Wacht op goedkeuring',
  approved: 'Goedgekeurd',
  refused: 'Afgewezen',
  withdrawn: 'Ingetrokken',
  askedBy: 'Gevraagd door {name}: {note}',
  decidedBy: '{state} door {name}',
  approve: 'Keur goed',
  approveSure: '{amount} wordt geboekt als “{reason}”. Dat blijft staan.',
  refuse: 'Wijs af',
  withdraw: 'Trek in',
  endSure: 'De regel blijft open. Er wordt niets geboekt.',
  yours: 'Jij hebt dit gevraagd. Iemand anders van finance keurt het goed.',
};

export type WriteOffWords = Readonly<typeof writeOffsNl>;
