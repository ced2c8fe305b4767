/** Merchants' own accounts at the PSP, for a platform that does not hold merchants' money itself. */
export interface ConnectAccounts {
  /**
   * Opens the merchant's connected account, or finds the one that was opened. Safe to repeat for ever.
   *
   * @returns the PSP's id of it.
   * @throws PspUnknownOutcome when the answer is lost; Refusal PSP_REFUSED when it is a definite no.
   */
  open(request: {
    readonly merchantId: string;
    readonly name: string;
    readonly idempotencyKey: string;
  }): Promise<string>;
  /** How far the merchant has come. @throws PspUnknownOutcome */
  status(account: string): Promise<ConnectAccountStatus>;
  /**
   * A page of the PSP's on which the merchant says who they are and where to pay them. It is good once, for minutes.
   *
   * @throws PspUnknownOutcome; Refusal PSP_REFUSED.
   */
  setupLink(request: {
    readonly account: string;
    /** Where the merchant comes back to, done or not. */
    readonly returnUrl: string;
    /** Where a link that is over leads: to a place that asks for a new one. */
    readonly refreshUrl: string;
  }): Promise<string>;
}

export interface ConnectAccountStatus {
  readonly takesPayments: boolean;
  readonly isPaidOut: boolean;
  /** What the PSP still wants to know, in its own words. */
  readonly missing: readonly string[];
}
