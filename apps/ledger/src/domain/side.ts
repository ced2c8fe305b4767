/** The side on which an account grows: assets and expenses by debits, all others by credits. */
export type Side = 'debit' | 'credit';
