/** Lines at which a test may kill the process, as a power cut would: one after each step that must survive it. */
export const CRASH_POINTS = [
  'wallet.attempt-confirming',
  'wallet.ledger-posted',
  'wallet.result-recorded',
  'ideal.attempt-confirming',
  'ideal.psp-opened',
  'ideal.redirect-recorded',
  'ideal.webhook-kept',
  'ideal.result-recorded',
  'refund.recorded',
  'refund.ledger-posted',
  'refund.accepted',
  'refund.psp-called',
  'refund.success-recorded',
  'erasure.begun',
  'erasure.wallet-closed',
  'erasure.traces-forgotten',
] as const;
