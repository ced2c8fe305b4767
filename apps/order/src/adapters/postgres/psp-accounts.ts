import type { PostgresAuditTrail } from '@stuiver/audit';
import { invariant } from '@stuiver/errors';
import type { Database } from '@stuiver/postgres';
import type { PspAccountBook } from '../../use-cases/keep-psp-account.js';

/** Which connected account at the PSP is which merchant's. */
export class PostgresPspAccounts implements PspAccountBook {
  constructor(
    private readonly database: Database,
    private readonly trail: PostgresAuditTrail,
  ) {}

  async find(mchid: string): Promise<{ name: string; account: string | null } | undefined> {
    const [row] = await this.database.query<{ name: string; account: string | null }>(
      'select name, psp_account as account from orders.merchant where mchid = $1',
      [mchid],
    );
    return row;
  }

  async keep(mchid: string, account: string): Promise<string> {
    await this.database.run(async (tx) => {
      const [, count] = await tx.query<[unknown[], number]>(
        'update orders.merchant set psp_account = $2 where mchid = $1 and psp_account is null',
        [mchid, account],
      );
      if (count === 0) return;
      const subject = { kind: 'merchant', id: mchid } as const;
      const after = { pspAccount: account };
      await this.trail.append(tx, { act: 'merchant-psp-account-opened', subject, after });
    });
    const kept = (await this.find(mchid))?.account;
    invariant(kept !== undefined && kept !== null, 'merchants and their accounts stay');
    return kept;
  }
}
