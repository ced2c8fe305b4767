export interface Command {
  /** The words that call it, such as `payout run`. */
  readonly words: readonly string[];
  readonly usage: string;
  run(args: readonly string[]): Promise<number>;
}

/** The command could not do it; the message is one line for the person who typed it. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
}
