import type { Approval, Consent, Person } from '../../use-cases/ports.js';

/** In a transaction, or not. */
export type Ask = <Row>(sql: string, parameters: unknown[]) => Promise<Row[]>;

interface ApprovalRow {
  readonly checker: string;
  readonly checker_name: string | null;
  readonly given_at: Date;
  readonly expires_at: Date;
}

/** Of each person the last approval that stands, the first giver first. */
const STANDING = (
  what: 'batch' | 'prefunding',
): string => `select checker, checker_name, given_at, expires_at from (
    select distinct on (payout.person(a.checker)) a.id, a.checker, a.checker_name, a.given_at, a.expires_at
      from payout.approval a
     where a.what = '${what}' and a.subject_id = $1 and a.given_at <= $2 and a.expires_at > $2
       and a.content_sha256 = payout.content_of_batch($1)
     order by payout.person(a.checker), a.id desc) latest
  order by id`;

export async function consentTo(ask: Ask, batchId: string, at: Date): Promise<Consent> {
  const rows = await ask<ApprovalRow>(STANDING('batch'), [batchId, at]);
  const [prefunding] = await ask<ApprovalRow>(STANDING('prefunding'), [batchId, at]);
  const [count] = await ask<{ needed: number }>('select payout.checkers_needed($1) as needed', [
    batchId,
  ]);
  const changing = await ask<{ merchant_id: string }>(
    `select distinct c.merchant_id from payout.payee_change c join payout.payout p on p.merchant_id = c.merchant_id
     where p.batch_id = $1 and c.state in ('asked', 'approved') order by 1`,
    [batchId],
  );
  return {
    standing: rows.map(toApproval),
    needed: count?.needed ?? 1,
    prefunding: prefunding === undefined ? null : toApproval(prefunding),
    payeesChanging: changing.map((row) => row.merchant_id),
  };
}

/** It expires as late as the rules of the database allow. */
export async function saveApproval(
  ask: Ask,
  what: 'batch' | 'prefunding' | 'payee-change' | 'month-close' | 'write-off',
  given: { subject: string; hash: string; by: Person; at: Date },
): Promise<void> {
  const { subject, hash, by, at } = given;
  await ask(
    `insert into payout.approval (what, subject_id, hash, checker, checker_name, given_at, expires_at)
     select $1, $2, $3, $4, $5, $6::timestamptz, $6::timestamptz + make_interval(hours => approval_hours)
       from payout.four_eyes`,
    [what, subject, hash, by.id, by.name, at],
  );
}

function toApproval(row: ApprovalRow): Approval {
  return {
    checker: row.checker,
    checkerName: row.checker_name,
    givenAt: row.given_at,
    expiresAt: row.expires_at,
  };
}
