import { placementOf } from '../chart-of-accounts.js';
import type { Side } from '../side.js';
import type { AccountRow } from './rows.js';

/** An account as the transfers so far leave it. */
export interface Standing {
  version: bigint;
  balance: bigint;
}

/** Every account: its row as it is found, and where the transfers have brought it. */
export class Standings {
  private readonly standings = new Map<string, Standing>();

  constructor(readonly accounts: ReadonlyMap<string, AccountRow>) {}

  /** Sets where the account stood before what is audited. */
  begin(id: string, standing: Standing): void {
    this.standings.set(id, standing);
  }

  of(id: string): Standing {
    return this.standings.get(id) ?? { version: 0n, balance: 0n };
  }

  touched(): ReadonlyMap<string, Standing> {
    return this.standings;
  }

  codeOf(id: string): string {
    return this.accounts.get(id)?.code ?? '';
  }

  /** By the chart: what the row says is compared with it at the end. */
  normalSideOf(id: string): Side {
    const row = this.accounts.get(id);
    const side = placementOf(row?.code ?? '')?.normalSide ?? row?.normalSide;
    return side === 'debit' ? 'debit' : 'credit';
  }

  /** Where a transfer of `amount` on this side would bring it. */
  after(id: string, side: Side, amount: bigint): Standing {
    const { version, balance } = this.of(id);
    const signed = side === this.normalSideOf(id) ? amount : -amount;
    return { version: version + 1n, balance: balance + signed };
  }

  move(id: string, side: Side, amount: bigint): void {
    this.standings.set(id, this.after(id, side, amount));
  }
}
