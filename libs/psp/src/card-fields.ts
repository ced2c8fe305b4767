/** How the PSP's own card fields come into a page of ours: what is typed in them never reaches us. */
export interface CardFields {
  /** Names our account to the PSP's script; it may be seen by everybody. */
  readonly publishableKey: string;
  /** The PSP's script, from the PSP's own address: never a copy. */
  readonly scriptUrl: string;
}
