import type { LedgerPort } from '@stuiver/contracts';
import { Money } from '@stuiver/money';
import type { Clock, Log } from '@stuiver/ports';
import type { PspAccount } from '@stuiver/psp';
import { amsterdamDay } from '../domain/t2-calendar.js';
import { OUR_BANK, PSP } from './intents.js';
import { PSP_BALANCE } from './import-psp-transactions.js';
import type { MerchantsHeld } from './merchants-held.js';
import { PspSays } from './psp-says.js';
import type {
  OpenItems,
  PspStore,
  Sides,
  TieOutResult,
  TieOutRow,
  TieOutStore,
} from './recon-ports.js';

const TRANSIT = `psp:${PSP}:transit`;
const BANK = `bank:${OUR_BANK}`;
/** Something may be booked between two readings; then the figures are of two moments, and are read anew. */
const READINGS_MAX = 3;
const READING_MS_MAX = 5 * 60_000;

/**
 * Three equations: what the PSP holds, what it has sent, and what the bank has, each against the ledger; and a fourth
 * where it holds merchants' money for them. A difference is made up of open items or it is unexplained, and then someone
 * is woken.
 */
export class TieOut {
  private readonly says: PspSays;

  constructor(
    private readonly stores: { items: OpenItems; psp: PspStore; results: TieOutStore },
    private readonly ledger: Pick<LedgerPort, 'account'>,
    private readonly tools: {
      /** Absent: no PSP is connected, and there is only the bank. */
      psp: Pick<PspAccount, 'balance'> | undefined;
      /** Absent where the platform itself holds the merchants' money. */
      merchants: MerchantsHeld | undefined;
      /** Brings in what is new on both sides, and books what is written down. */
      catchUp: () => Promise<void>;
      clock: Clock;
      log: Log;
    },
  ) {
    this.says = new PspSays(stores.psp);
  }

  /** Reads now, and keeps it as the day's. @throws LedgerUnavailable, PspUnknownOutcome. */
  async run(): Promise<TieOutResult> {
    let result = await this.read();
    for (let readings = 1; !result.explained && readings < READINGS_MAX; readings += 1) {
      result = await this.read();
    }
    await this.stores.results.keep(amsterdamDay(result.at), result, unexplained(result));
    if (!result.explained) this.tellUnexplained(result);
    return result;
  }

  /** Runs when the last reading is old: so every day has its own, and what is wrong is soon seen. */
  async runDue(): Promise<void> {
    const last = await this.stores.results.lastAt();
    const age = this.tools.clock.now().getTime() - (last?.getTime() ?? 0);
    if (age >= READING_MS_MAX) await this.run();
  }

  private async read(): Promise<TieOutResult> {
    const at = this.tools.clock.now();
    await this.tools.catchUp();
    const since = await this.stores.psp.position();
    const balance = await this.tools.psp?.balance();
    if (balance !== undefined) await this.tools.catchUp();
    const sides = await this.stores.items.refresh(at);
    const psp =
      balance === undefined
        ? []
        : [
            await this.pspRow(sides, { held: balance.available.plus(balance.pending), since, at }),
            await this.transitRow(sides),
          ];
    const { merchants } = this.tools;
    const held = merchants === undefined ? [] : [await merchants.row()];
    const rows = [...psp, ...held, await this.bankRow(sides)];
    return { at, rows, explained: rows.every((row) => unexplainedOf(row).minor === 0n) };
  }

  /** The PSP says one figure, and lists transactions that must sum to it, be it a moment later. */
  private async pspRow(
    { pspNet, pspBooked, explained }: Sides,
    said: { held: Money; since: bigint; at: Date },
  ): Promise<TieOutRow> {
    const agrees = await this.says.compare(said);
    const listed = euros(pspNet);
    const unlisted = said.held.minus(listed);
    const view = await this.ledger.account(PSP_BALANCE);
    const isSameMoment = view !== null && BigInt(view.version) === pspBooked.version;
    const booked = isSameMoment ? BigInt(view.balanceMinor) : pspBooked.balance;
    const row = {
      name: 'psp-balance',
      ledger: { account: PSP_BALANCE, amount: euros(booked) },
      explained: euros(explained.psp),
    } as const;
    const label = 'held by the PSP';
    if (agrees === 'listed') return { ...row, outside: { label, amount: listed } };
    if (agrees === 'differs') return { ...row, outside: { label, amount: said.held } };
    return {
      ...row,
      outside: { label: `${label}, ${unlisted.toMajorText()} not listed yet`, amount: said.held },
      explained: row.explained.plus(unlisted),
    };
  }

  private async transitRow({ underWay, explained }: Sides): Promise<TieOutRow> {
    return {
      name: 'psp-transit',
      outside: { label: 'sent by the PSP, not at the bank', amount: euros(underWay) },
      ledger: await this.ledgerSide(TRANSIT),
      explained: euros(explained.transit),
    };
  }

  private async bankRow({ bank, explained }: Sides): Promise<TieOutRow> {
    const label = bank.day === null ? 'no statement yet' : `statement of ${bank.day}`;
    return {
      name: 'bank',
      outside: { label, amount: euros(bank.closing) },
      ledger: await this.ledgerSide(BANK),
      explained: euros(explained.bank),
    };
  }

  private async ledgerSide(account: string): Promise<TieOutRow['ledger']> {
    const view = await this.ledger.account(account);
    return { account, amount: euros(BigInt(view?.balanceMinor ?? '0')) };
  }

  private tellUnexplained(result: TieOutResult): void {
    for (const row of result.rows) {
      const left = unexplainedOf(row);
      if (left.minor === 0n) continue;
      this.tools.log.error('tie-out does not add up', {
        row: row.name,
        unexplained_minor: left.minor.toString(),
      });
    }
  }
}

/** Outside minus ledger. */
export function differenceOf({ outside, ledger }: TieOutRow): Money {
  return outside.amount.minus(ledger.amount);
}

/** What no open item explains, over all equations. */
function unexplained({ rows }: TieOutResult): Money {
  const zero = Money.zero('EUR');
  return rows.reduce((sum, row) => {
    const left = unexplainedOf(row);
    return sum.plus(left.isLessThan(zero) ? zero.minus(left) : left);
  }, zero);
}

function unexplainedOf(row: TieOutRow): Money {
  return differenceOf(row).minus(row.explained);
}

function euros(minor: bigint): Money {
  return Money.ofMinor(minor, 'EUR');
}
