import type { Pool, PoolClient } from 'pg';
import type { BankTerms } from '../terms.js';

/** Opens the accounts that are not there yet; one that is keeps its balance, and takes its name and its terms. */
export async function openAccounts(pool: Pool, terms: BankTerms): Promise<void> {
  for (const account of terms.accounts) {
    await pool.query(
      `insert into bank_account (iban, name, overdraft, balance_minor, stated_minor)
       values ($1, $2, $3, $4, $4)
       on conflict (iban) do update set name = excluded.name, overdraft = excluded.overdraft`,
      [account.iban, account.name, account.overdraft, account.opening_minor.toString()],
    );
  }
}

export interface AccountState {
  readonly iban: string;
  readonly name: string;
  readonly overdraft: boolean;
  readonly balance_minor: string;
}

export async function listAccounts(client: PoolClient): Promise<readonly AccountState[]> {
  const { rows } = await client.query<AccountState>(
    `select iban, name, overdraft, balance_minor::text as balance_minor
     from bank_account order by iban`,
  );
  return rows;
}
