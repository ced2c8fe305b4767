/**
 * Who holds the merchants' money. `self-held`: the operator, with a licence, or the sandbox. `psp-held`: the PSP, on an
 * account of each merchant's own; then wallets have no balance, and the PSP pays merchants out.
 */
export type MoneyMode = 'psp-held' | 'self-held';
