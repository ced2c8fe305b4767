import type { LedgerCommand } from '@stuiver/contracts';
import type { Dice } from '../dice.js';
import type { SimulatedCommand } from '../model/words.js';

/** What a simulated caller can send: the ledger says the ends of holds itself. */
export type GivenCommand = Exclude<SimulatedCommand, { kind: 'hold-expire' }>;

const DAY_MS = 86_400_000;

/** Few things that everybody fights for, so that rare cases are not rare. */
export class Scene {
  /** Ids of holds that may have been placed. */
  readonly holds: string[] = [];
  /** Ids of commands that were sent. */
  readonly commands: string[] = [];
  readonly users = ['u1', 'u2', 'u3'];
  readonly merchants = ['m1', 'm2'];
  /** Of each world, whoever is spoken of again and again: what is said second needs what was said first. */
  private readonly star: string;

  constructor(
    readonly dice: Dice,
    /** The clock's time when the command in hand is sent, in ms. */
    public nowMs: number,
    /** In some worlds amounts are so large that the books cannot count their sum. */
    readonly isHuge: boolean,
  ) {
    this.star = this.account();
  }

  get common(): { id: string; effectiveAt: string } {
    return { id: this.dice.uuid(), effectiveAt: this.instant() };
  }

  get money(): { amountMinor: string; currency: 'EUR' } {
    return { amountMinor: this.amount(), currency: 'EUR' };
  }

  amount(): string {
    const { dice } = this;
    if (this.isHuge && !dice.oneIn(4)) return '999999999999999999';
    if (dice.oneIn(16)) return '0';
    return String(dice.pick([1, 10, 100, 1000]) * dice.between(1, 12));
  }

  /** Around now, at times weeks ago. */
  instant(): string {
    const { dice } = this;
    const back = dice.oneIn(5) ? dice.between(0, 70) * DAY_MS : dice.below(DAY_MS);
    return new Date(this.nowMs - back).toISOString();
  }

  user(): string {
    return this.dice.oneIn(60) ? 'not a name' : this.dice.pick(this.users);
  }

  merchant(): string {
    return this.dice.oneIn(60) ? 'not a name' : this.dice.pick(this.merchants);
  }

  funds(): Extract<LedgerCommand, { kind: 'payment' }>['funds'] {
    const { dice } = this;
    if (dice.oneIn(2)) return { kind: 'wallet', userId: this.user() };
    return { kind: 'psp', psp: 'stripe', account: dice.oneIn(3) ? this.merchant() : null };
  }

  /** For commands that name accounts themselves. */
  account(): string {
    const { dice } = this;
    if (dice.oneIn(40)) return 'no:such:account';
    return dice.pick([
      ...this.users.map((user) => `user:${user}:wallet`),
      ...this.users.map((user) => `user:${user}:wallet`),
      ...this.users.map((user) => `user:${user}:wallet`),
      ...this.merchants.flatMap((id) => [`merchant:${id}:pending`, `merchant:${id}:frozen`]),
      ...['user:u1:payout', 'merchant:m1:available', 'fees:income', 'psp:stripe:balance'],
    ]);
  }

  accountToSet(): string {
    const { dice } = this;
    if (dice.oneIn(12)) return this.rareAccount();
    return dice.oneIn(2) ? this.star : this.account();
  }

  subject(): string {
    return this.dice.pick(['mandate:a', 'mandate:a', 'device:b']);
  }

  /** Of a command that may name some: at times twice, at times none. */
  get subjects(): { subjects?: string[] } {
    const { dice } = this;
    if (!dice.oneIn(3)) return {};
    return { subjects: Array.from({ length: dice.below(4) }, () => this.subject()) };
  }

  /** Where facts end up, where nothing ever was, and what only few commands touch. */
  private rareAccount(): string {
    return this.dice.pick([
      ...['suspense:payment', 'suspense:late-success', 'user:u9:wallet', 'refund:transit'],
      ...['bank:main', 'psp:stripe:transit', 'merchant:m1:available', 'merchant:m1:payout'],
    ]);
  }

  /** The same, with a commitment to what is not in the books: that makes it another content. */
  commit(command: GivenCommand): GivenCommand {
    const { dice } = this;
    if (!('effectiveAt' in command)) return command;
    const committed = { ...command, metadataSha256: dice.hex(64) };
    return dice.oneIn(2) ? committed : { ...committed, contentSalt: dice.hex(32) };
  }

  /** Of an earlier command: mostly one of few, so that they are taken back again and again. */
  commandId(): string {
    const { dice, commands } = this;
    if (commands.length === 0 || dice.oneIn(25)) return dice.uuid();
    return dice.pick(dice.oneIn(2) ? commands.slice(0, 8) : commands.slice(-6));
  }

  /** Who money is captured for. */
  receiver(): string {
    return this.dice.oneIn(3) ? this.star : this.account();
  }

  holdId(): string {
    const recent = this.holds.slice(-6);
    if (recent.length === 0 || this.dice.oneIn(25)) return `${this.dice.uuid()}.0`;
    return this.dice.pick(recent);
  }

  expiresAt(): string | null {
    const { dice } = this;
    if (dice.oneIn(3)) return null;
    const ms = dice.oneIn(10) ? -dice.below(5_000) : dice.between(1, 90) * 1_000;
    return new Date(this.nowMs + ms).toISOString();
  }
}

/** Makers of one family of commands, by kind; the same kind twice is made twice as often. */
export type Family = readonly (readonly [GivenCommand['kind'], (scene: Scene) => GivenCommand])[];
