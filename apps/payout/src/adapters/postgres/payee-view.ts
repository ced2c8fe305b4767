import type {
  MerchantPayee,
  PayeeChangeDetail,
  PayeeChangeSummary,
  PayeeDetails,
} from '@stuiver/console-api';
import type { Database } from '@stuiver/postgres';
import type { PayeeChange } from '../../use-cases/payee-ports.js';
import type { Person } from '../../use-cases/ports.js';
import { PAYEE_CHANGES, type PayeeChangeRow, toPayeeChange } from './payee-changes.js';
import type { SealedPayees } from './sealed-payees.js';

const PAST_MAX = 20;
const OPEN = `('asked', 'approved')`;

interface PastRow {
  readonly iban_last4: string;
  readonly since: Date;
  readonly until: Date;
}

/** What finance and merchants see of payees and of what was asked to change. */
export class PayeeView {
  constructor(
    private readonly database: Database,
    private readonly payees: SealedPayees,
  ) {}

  /** Newest first, those older than `before`; `open` is every state that waits. */
  async changes(page: {
    before: string | null;
    state: string | null;
    limit: number;
  }): Promise<readonly PayeeChangeSummary[]> {
    const rows = await this.database.query<PayeeChangeRow>(
      `${PAYEE_CHANGES} where ($1::text is null or id < $1)
         and ($2::text is null or state = $2 or $2 = 'open' and state in ${OPEN})
       order by id desc limit $3`,
      [page.before, page.state, page.limit],
    );
    return rows.map((row) => toSummary(toPayeeChange(row)));
  }

  /** Opened, with what is used now; and who asked, by id. */
  async change(
    id: string,
  ): Promise<{ detail: Omit<PayeeChangeDetail, 'mayApprove'>; askerId: string } | undefined> {
    const [row] = await this.database.query<PayeeChangeRow>(`${PAYEE_CHANGES} where id = $1`, [id]);
    if (row === undefined) return undefined;
    const change = toPayeeChange(row);
    const { merchant_id: merchantId, name_sealed: name, iban_sealed: iban } = row;
    const wanted = await this.payees.open({ merchant_id: merchantId, name, iban });
    const present = await this.payees.find(merchantId);
    const past = await this.database.query<PastRow>(
      `select iban_last4, since, until from payout.past_payee where merchant_id = $1 order by id desc limit $2`,
      [merchantId, PAST_MAX],
    );
    return {
      askerId: change.askedBy.id,
      detail: {
        ...toSummary(change),
        present: present === undefined ? null : detailsOf(present),
        wanted: detailsOf(wanted),
        detailsSha256: change.detailsSha256,
        past: past.map(({ iban_last4: ibanLast4, since, until }) => ({
          ...{ ibanLast4, since: since.toISOString(), until: until.toISOString() },
        })),
      },
    };
  }

  async ofMerchant(merchantId: string): Promise<MerchantPayee> {
    const [payee] = await this.database.query<{ iban_last4: string; changed_at: Date }>(
      'select iban_last4, changed_at from payout.payee where merchant_id = $1',
      [merchantId],
    );
    const [row] = await this.database.query<PayeeChangeRow>(
      `${PAYEE_CHANGES} where merchant_id = $1 and state in ${OPEN}`,
      [merchantId],
    );
    return {
      payee:
        payee === undefined
          ? null
          : { ibanLast4: payee.iban_last4, since: payee.changed_at.toISOString() },
      change: row === undefined ? null : toSummary(toPayeeChange(row)),
    };
  }
}

function detailsOf({ name, iban }: PayeeDetails): PayeeDetails {
  return { name, iban };
}

function toSummary(change: PayeeChange): PayeeChangeSummary {
  return {
    payeeChangeId: change.id,
    merchantId: change.merchantId,
    state: change.state,
    ibanLast4: change.ibanLast4,
    askedBy: nameOf(change.askedBy),
    askedAt: change.askedAt.toISOString(),
    expiresAt: change.expiresAt.toISOString(),
    approvedBy: change.approvedBy === null ? null : nameOf(change.approvedBy),
    useFrom: change.useFrom?.toISOString() ?? null,
    payeeCheck: change.payeeCheck,
    endedBy: change.endedBy === null ? null : nameOf(change.endedBy),
    endedAt: change.endedAt?.toISOString() ?? null,
  };
}

function nameOf({ id, name }: Person): string {
  return name ?? id;
}
