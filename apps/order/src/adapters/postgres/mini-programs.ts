import type { EntityManager } from 'typeorm';
import type { PostgresAuditTrail } from '@stuiver/audit';
import { Refusal } from '@stuiver/errors';
import type { AuditFacts, KeyStore } from '@stuiver/ports';
import type { Database } from '@stuiver/postgres';
import type { MiniProgramStore, MiniProgramToKeep } from '../../use-cases/register-mini-program.js';

/** One registration at a time, so that the natural key may be looked up before it is written. */
const REGISTER_LOCK = 7_316_102;

/** The mini-program registry in schema `orders`. */
export class PostgresMiniPrograms implements MiniProgramStore {
  constructor(
    private readonly database: Database,
    private readonly keys: Pick<KeyStore, 'seal' | 'open'>,
    private readonly trail: PostgresAuditTrail,
  ) {}

  /** The secret that proves a server to be this mini-program's own; null for an unknown appid. */
  async appSecret(appid: string): Promise<string | null> {
    const [row] = await this.database.query<{ app_secret_sealed: Buffer }>(
      'select app_secret_sealed from orders.mini_program where appid = $1',
      [appid],
    );
    if (row === undefined) return null;
    return Buffer.from(
      await this.keys.open(secretPurpose(appid), row.app_secret_sealed),
    ).toString();
  }

  async keep(program: MiniProgramToKeep): Promise<{ appid: string; appSecret: string }> {
    const sealed = Buffer.from(
      await this.keys.seal(secretPurpose(program.appid), Buffer.from(program.appSecret)),
    );
    const appid = await this.database.run((tx) => keepRow(tx, { program, sealed }, this.trail));
    const appSecret = await this.appSecret(appid);
    return { appid, appSecret: appSecret ?? program.appSecret };
  }
}

async function keepRow(
  tx: EntityManager,
  { program, sealed }: { program: MiniProgramToKeep; sealed: Buffer },
  trail: PostgresAuditTrail,
): Promise<string> {
  await tx.query('select pg_advisory_xact_lock($1)', [REGISTER_LOCK]);
  const { mchid, name, description, originKind, source } = program;
  await refuseUnknownMerchant(tx, mchid);
  const found = await findRow(tx, program);
  if (found === undefined) {
    await tx.query(
      `insert into orders.mini_program
         (appid, mchid, name, description, app_secret_sealed, origin_kind, source, created_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [program.appid, mchid, name, description, sealed, originKind, source, program.createdAt],
    );
    const subject = { kind: 'mini-program', id: program.appid } as const;
    await trail.append(tx, { act: 'mini-program-registered', subject, after: factsOf(program) });
    return program.appid;
  }
  if (found.mchid !== mchid) {
    throw new Refusal('STATE_CONFLICT', {
      field: 'appid',
      rule: 'belongs to another merchant',
      value: found.appid,
    });
  }
  const [, count] = await tx.query<[unknown[], number]>(
    `update orders.mini_program set name = $2, description = $3, origin_kind = $4, source = $5
     where appid = $1 and (name, description, origin_kind, source) is distinct from ($2, $3, $4, $5)`,
    [found.appid, name, description, originKind, source],
  );
  if (count === 0) return found.appid;
  const subject = { kind: 'mini-program', id: found.appid } as const;
  await trail.append(tx, { act: 'mini-program-changed', subject, after: factsOf(program) });
  return found.appid;
}

async function refuseUnknownMerchant(tx: EntityManager, mchid: string): Promise<void> {
  const rows = await tx.query<unknown[]>('select 1 from orders.merchant where mchid = $1', [mchid]);
  if (rows.length === 1) return;
  throw new Refusal('MCH_NOT_EXISTS', {
    field: 'mchid',
    rule: 'is a registered merchant',
    value: mchid,
  });
}

function factsOf({ mchid, originKind, source }: MiniProgramToKeep): AuditFacts {
  return { mchid, originKind, source };
}

/** By the appid that was chosen, else by what the mini-program is made of. */
async function findRow(
  tx: EntityManager,
  program: MiniProgramToKeep,
): Promise<{ appid: string; mchid: string } | undefined> {
  const { isAppidChosen, appid, mchid, source } = program;
  const [where, values] = isAppidChosen
    ? (['appid = $1', [appid]] as const)
    : (['mchid = $1 and source = $2', [mchid, source]] as const);
  const [row] = await tx.query<{ appid: string; mchid: string }[]>(
    `select appid, mchid from orders.mini_program where ${where} order by appid limit 1`,
    [...values],
  );
  return row;
}

export function secretPurpose(appid: string): string {
  return `app-secret/${appid}`;
}
