import type { Database } from '@stuiver/postgres';
import type { Directory, MiniProgram } from '../../use-cases/ports.js';

interface MiniProgramRow {
  readonly appid: string;
  readonly mchid: string;
  readonly merchant_name: string;
  readonly name: string;
  readonly description: string;
}

const MINI_PROGRAMS_MAX = 200;
const MINI_PROGRAM = `select a.appid, a.mchid, a.name, a.description, m.name as merchant_name
  from orders.mini_program a join orders.merchant m on m.mchid = a.mchid`;

/** Merchants and mini-programs as a payment needs to know them. */
export class PostgresDirectory implements Directory {
  constructor(private readonly database: Database) {}

  async miniProgram(appid: string): Promise<MiniProgram | undefined> {
    const sql = `${MINI_PROGRAM} where a.appid = $1`;
    const [row] = await this.database.query<MiniProgramRow>(sql, [appid]);
    return row && toMiniProgram(row);
  }

  async miniPrograms(): Promise<readonly MiniProgram[]> {
    const sql = `${MINI_PROGRAM} where a.origin_kind <> 'counter' order by a.created_at, a.appid limit $1`;
    return (await this.database.query<MiniProgramRow>(sql, [MINI_PROGRAMS_MAX])).map(toMiniProgram);
  }

  async packageOf(appid: string): Promise<{ appid: string; source: string } | undefined> {
    const [row] = await this.database.query<{ appid: string; source: string }>(
      `select appid, source from orders.mini_program
       where lower(appid) = $1 and origin_kind = 'packaged'`,
      [appid.toLowerCase()],
    );
    return row;
  }

  async liveMerchantKeys(mchid: string, now: Date): Promise<readonly string[]> {
    const rows = await this.database.query<{ public_key_pem: string }>(
      `select public_key_pem from orders.merchant_certificate
       where mchid = $1 and revoked_at is null and not_after > $2 order by created_at desc`,
      [mchid, now],
    );
    return rows.map((row) => row.public_key_pem);
  }
}

function toMiniProgram(row: MiniProgramRow): MiniProgram {
  const { appid, mchid, merchant_name: merchantName, name, description } = row;
  return { appid, mchid, merchantName, name, description };
}
