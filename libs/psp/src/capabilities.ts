type Method = 'ideal' | 'card';

/** What a PSP can do through its adapter. Whatever it says, the conformance suite holds it to. */
export interface PspCapabilities {
  readonly methods: readonly Method[];
  /** By which of them a paid payment may be taken back by the payer's bank. */
  readonly disputes: readonly Method[];
  /** By which of them money can be set aside first and taken later. */
  readonly manualCapture: readonly Method[];
  /** A payment can be given back in parts. */
  readonly partialRefunds: boolean;
}
