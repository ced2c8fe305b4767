import type { EntityManager } from 'typeorm';
import { invariant } from '@stuiver/errors';
import type { Database } from '@stuiver/postgres';
import type { ConnectedPage, ConnectedStore } from '../../use-cases/follow-merchant-accounts.js';
import { recordIntents } from './recorded-commands.js';

/** How far each connected account was followed, and what was found there. */
export class PostgresConnectedAccounts implements ConnectedStore {
  constructor(private readonly database: Database) {}

  async cursor(of: { merchantId: string; account: string }): Promise<string | null> {
    await this.database.query(
      `insert into payout.connected_account (merchant_id, account) values ($1, $2)
       on conflict (merchant_id) do nothing`,
      [of.merchantId, of.account],
    );
    const [row] = await this.database.query<{ account: string; after: string | null }>(
      'select account, after from payout.connected_account where merchant_id = $1',
      [of.merchantId],
    );
    invariant(row?.account === of.account, 'a merchant has one account at the PSP');
    return row.after;
  }

  keepPage(page: ConnectedPage, at: Date): Promise<boolean> {
    const { merchantId, after, transactions, intents } = page;
    return this.database.run(async (tx) => {
      const [row] = await tx.query<{ after: string | null }[]>(
        'select after from payout.connected_account where merchant_id = $1 for update',
        [merchantId],
      );
      if (row?.after !== after) return false;
      await insertAll(tx, page, at);
      await recordIntents(tx, intents, at);
      await tx.query('update payout.connected_account set after = $2 where merchant_id = $1', [
        ...[merchantId, transactions.at(-1)?.id ?? after],
      ]);
      return true;
    });
  }
}

async function insertAll(
  tx: EntityManager,
  { merchantId, transactions }: ConnectedPage,
  at: Date,
): Promise<void> {
  for (const { id, kind, net, pspReference, createdAt } of transactions) {
    await tx.query(
      `insert into payout.connected_transaction
         (id, merchant_id, kind, net_minor, currency, psp_reference, created_at, imported_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        ...[id, merchantId, kind, String(net.minor), net.currency],
        ...[pspReference, createdAt, at],
      ],
    );
  }
}
