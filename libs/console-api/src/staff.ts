/**
 * `cashier` uses the till of the merchants named beside it; `merchant` sees the merchants named beside it; `finance`
 * money and bank; `operator` everything but approving.
 */
export type StaffRole = 'cashier' | 'merchant' | 'finance' | 'operator';

/** `GET /staff/me`; 401 when nobody is signed in. */
export interface StaffMe {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly roles: readonly StaffRole[];
  readonly merchants: readonly { readonly mchid: string; readonly name: string }[];
  /** The PSP holds the merchants' money and pays them out: there are no bank files and nothing to approve. */
  readonly pspPaysMerchants: boolean;
  /** Sent back as `X-Csrf-Token` with everything that changes something. */
  readonly csrfToken: string;
  readonly expiresAt: string;
}
