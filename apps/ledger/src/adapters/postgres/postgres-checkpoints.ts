import { z } from 'zod';
import type { CheckpointFacts } from '@stuiver/proof';
import type { Database } from '@stuiver/postgres';
import type { Checkpoints, SignedCheckpoint } from '../../use-cases/checkpoints.js';

/** One statement, so that head, hash and sums are of one moment. */
const STANDING_SQL = `
  select c.id as chain, h.shard::text as shard, h.batch, encode(s.hash, 'hex') as hash, ledger.instant(h.at) as at,
         h.last_seq as "lastSeq", h.last_account as "lastAccount",
         (select coalesce(json_agg(json_build_object('currency', sums.currency, 'debitMinor', sums.debit::text,
                                                     'creditMinor', sums.credit::text) order by sums.currency), '[]')
            from (select a.currency,
                         coalesce(sum(a.balance_minor) filter (where a.normal_side = 'debit'), 0) as debit,
                         coalesce(sum(a.balance_minor) filter (where a.normal_side = 'credit'), 0) as credit
                    from ledger.account a group by a.currency) as sums) as "trialBalance"
    from ledger.head h
    join ledger.chain c on c.shard = h.shard
    join ledger.seal s on s.batch = h.batch
   where h.shard = 1`;

const CHECKPOINT_SQL = `
  select c.id as chain, c.shard::text as shard, p.batch, encode(p.hash, 'hex') as hash, ledger.instant(p.at) as at,
         p.last_seq as "lastSeq", p.last_account as "lastAccount", p.trial_balance as "trialBalance",
         p.key_id as "keyId", encode(p.signature, 'hex') as signature
    from ledger.checkpoint p join ledger.chain c on c.shard = 1`;

const TrialBalance = z.array(
  z.object({ currency: z.string(), debitMinor: z.string(), creditMinor: z.string() }),
);

type Row<Facts> = Omit<Facts, 'trialBalance'> & { readonly trialBalance: unknown };

/** Schema `ledger`, as the service's own role. */
export class PostgresCheckpoints implements Checkpoints {
  constructor(private readonly database: Database) {}

  async standing(): Promise<Omit<CheckpointFacts, 'keyId'> | undefined> {
    const [row] = await this.database.query<Row<Omit<CheckpointFacts, 'keyId'>>>(STANDING_SQL);
    return row && { ...row, trialBalance: TrialBalance.parse(row.trialBalance) };
  }

  async append(checkpoint: SignedCheckpoint): Promise<void> {
    const { batch, hash, at, lastSeq, lastAccount, trialBalance, keyId, signature } = checkpoint;
    await this.database.query('select ledger.append_checkpoint($1, $2, $3, $4, $5, $6, $7, $8)', [
      ...[batch, Buffer.from(hash, 'hex'), at, lastSeq, lastAccount],
      ...[JSON.stringify(trialBalance), keyId, Buffer.from(signature, 'hex')],
    ]);
  }

  last(): Promise<SignedCheckpoint | undefined> {
    return this.one(`${CHECKPOINT_SQL} order by p.batch desc limit 1`);
  }

  firstFrom(batch: bigint): Promise<SignedCheckpoint | undefined> {
    const sql = `${CHECKPOINT_SQL} where p.batch >= $1 order by p.batch limit 1`;
    return this.one(sql, [batch.toString()]);
  }

  private async one(
    sql: string,
    parameters: readonly unknown[] = [],
  ): Promise<SignedCheckpoint | undefined> {
    const [row] = await this.database.query<Row<SignedCheckpoint>>(sql, parameters);
    return row && { ...row, trialBalance: TrialBalance.parse(row.trialBalance) };
  }
}
