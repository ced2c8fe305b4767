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
}
