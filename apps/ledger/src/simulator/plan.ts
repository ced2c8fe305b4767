import { anyCommand, firstLimits, type GivenCommand, Scene } from './commands/index.js';
import { Dice } from './dice.js';

/** A ledger process. There are two of them on one database. */
export type WriterNo = 0 | 1;

/**
 * What befalls a write. `lost-before`: the connection breaks before the server has it. `lost-after`: after the commit,
 * before the answer. `ghost`: like lost-before, but the server gets it later. `crash-before`, `crash-after`: the
 * process dies, and another one takes its place.
 */
export const FAULTS = [
  'lost-before',
  'lost-after',
  'ghost',
  'crash-before',
  'crash-after',
] as const;
export type Fault = (typeof FAULTS)[number];
export const FAULT_PLACES = ['append', 'lock'] as const;
export type FaultPlace = (typeof FAULT_PLACES)[number];

/** One line of a world's story. Whatever subset of the lines is told, it is a story. */
export type Action =
  | { readonly do: 'submit'; readonly writer: WriterNo; readonly command: GivenCommand }
  /** The writers work until everybody has an answer. */
  | { readonly do: 'settle' }
  | { readonly do: 'turns'; readonly count: number }
  | { readonly do: 'clock'; readonly ms: number }
  /** The next write of this writer meets it. */
  | {
      readonly do: 'fault';
      readonly writer: WriterNo;
      readonly fault: Fault;
      readonly place: FaultPlace;
    }
  /** From now on the database takes so many turns to answer this writer. */
  | { readonly do: 'delay'; readonly writer: WriterNo; readonly turns: number }
  /** Lost batches reach the server. */
  | { readonly do: 'ghosts' }
  /** Somebody looks for holds that are due. */
  | { readonly do: 'look'; readonly writer: WriterNo };

export const STARTS_AT = Date.parse('2026-11-23T10:00:00.000Z');
/** Worlds are small, so that what goes wrong has a short story and the model's long way is not too long. */
export const WORLD_COMMANDS = 60;
const DAY_MS = 86_400_000;
const MOVING: ReadonlySet<string> = new Set([
  ...['top-up', 'payment', 'late-payment', 'refund-success', 'psp-fee', 'psp-payout', 'reversal'],
]);
/** Of Europe/Amsterdam. */
const CLOCK_CHANGES = ['2027-03-28T01:00:00Z', '2027-10-31T01:00:00Z'].map((at) => Date.parse(at));

/** @param startsAt  the clock's time when it begins, in ms. */
export function planWorld(
  seed: number,
  commands: number,
  startsAt: number = STARTS_AT,
): readonly Action[] {
  const dice = new Dice(seed);
  return new WorldPlan(dice, new Scene(dice, startsAt, dice.oneIn(12))).make(commands);
}

class WorldPlan {
  private readonly actions: Action[] = [];
  private readonly sent: GivenCommand[] = [];
  private readonly isCalm: boolean;

  constructor(
    private readonly dice: Dice,
    private readonly scene: Scene,
  ) {
    this.isCalm = dice.oneIn(4);
  }

  make(commands: number): readonly Action[] {
    this.goToNight();
    for (const command of [...this.funding(), ...firstLimits(this.scene)])
      this.actions.push({ do: 'submit', writer: 0, command });
    for (let count = 0; count < commands; count += 1) {
      this.between();
      this.actions.push({ do: 'submit', writer: this.writer(), command: this.command() });
    }
    return this.actions;
  }

  /** Without money everything would be refused. */
  private funding(): GivenCommand[] {
    const { dice, scene } = this;
    return scene.users.slice(0, dice.below(4)).map((userId) => ({
      ...({ kind: 'top-up', topUpId: 'top_0', psp: 'stripe', currency: 'EUR' } as const),
      ...{ id: dice.uuid(), effectiveAt: new Date(scene.nowMs).toISOString(), userId },
      amountMinor: String(dice.between(1, 30) * 1_000),
    }));
  }

  /** Some worlds begin shortly before a night in which clocks are changed. */
  private goToNight(): void {
    const { dice, actions, scene } = this;
    const next = CLOCK_CHANGES.find((change) => change > scene.nowMs);
    if (next === undefined || !dice.oneIn(10)) return;
    const ms = next - dice.below(2 * DAY_MS) - scene.nowMs;
    scene.nowMs += ms;
    actions.push({ do: 'clock', ms });
  }

  private writer(): WriterNo {
    return this.isCalm ? 0 : this.dice.pick([0, 0, 1]);
  }

  private between(): void {
    const { dice, actions } = this;
    if (dice.oneIn(3)) actions.push({ do: 'settle' });
    else if (dice.oneIn(6)) actions.push({ do: 'turns', count: dice.between(1, 6) });
    if (dice.oneIn(4)) this.moveClock();
    if (dice.oneIn(20)) actions.push({ do: 'look', writer: this.writer() });
    if (this.isCalm) return;
    if (dice.oneIn(8)) this.fault();
    if (dice.oneIn(15)) {
      actions.push({ do: 'delay', writer: this.writer(), turns: dice.below(4) });
    }
    if (dice.oneIn(12)) actions.push({ do: 'ghosts' });
  }

  private fault(): void {
    const { dice, actions } = this;
    const writer = this.writer();
    const place = dice.pick(FAULT_PLACES);
    // One that is met three times in a row is the writer's last word.
    const times = dice.oneIn(4) ? 3 : 1;
    const fault = dice.pick(FAULTS);
    for (let time = 0; time < times; time += 1) actions.push({ do: 'fault', writer, fault, place });
    if (times > 1) actions.push({ do: 'fault', writer, fault, place: 'append' });
  }

  private moveClock(): void {
    const { dice, actions, scene } = this;
    let ms = dice.between(1, 40) * 1_000;
    if (dice.oneIn(10)) ms = -dice.between(1, 3_600) * 1_000;
    else if (dice.oneIn(25)) ms = dice.between(1, 40) * DAY_MS;
    scene.nowMs += ms;
    actions.push({ do: 'clock', ms });
  }

  /** Mostly a new one; at times an old one again, with other content, or voided. */
  private command(): GivenCommand {
    const { dice, sent, scene } = this;
    if (sent.length > 0 && dice.oneIn(7)) return this.again(dice.pick(sent.slice(-12)));
    const made = anyCommand(scene);
    const command = dice.oneIn(8) ? scene.commit(made) : made;
    sent.push(command);
    // Most of what is taken back is something that moved money.
    if (MOVING.has(command.kind) || dice.oneIn(4)) scene.commands.push(command.id);
    return command;
  }

  private again(old: GivenCommand): GivenCommand {
    const { dice, scene } = this;
    const how = dice.below(5);
    if (how === 0) return old.kind === 'period-close' ? old : { kind: 'void', id: old.id };
    if (how === 1 && 'effectiveAt' in old) return { ...old, effectiveAt: scene.instant() };
    return how === 2 ? scene.commit(old) : old;
  }
}
