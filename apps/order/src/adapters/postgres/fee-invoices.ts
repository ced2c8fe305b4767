import type { EntityManager } from 'typeorm';
import type { PostgresAuditTrail } from '@stuiver/audit';
import { invariant } from '@stuiver/errors';
import { Money } from '@stuiver/money';
import type { AuditEntry } from '@stuiver/ports';
import type { Database } from '@stuiver/postgres';
import type { FeeGroup, FeeInvoice, FeeInvoiceLine } from '../../domain/fee-invoice.js';
import type { PayMethod } from '../../domain/order.js';
import type { FeeOnRefund, Vat } from '../../domain/price-list.js';
import type {
  FeeInvoiceStore,
  FeeInvoiceWrites,
  NewFeeInvoice,
} from '../../use-cases/invoices/issue-fee-invoices.js';
import type { Query } from './order-reads.js';
import { type StoredLine, toLine } from './price-rows.js';

interface StoredInvoiceLine {
  readonly method: PayMethod;
  readonly vat: Vat;
  readonly count: string;
  readonly paidMinor: string;
  readonly netMinor: string;
  readonly vatMinor: string;
}

interface InvoiceRow {
  readonly year: number;
  readonly no: number;
  readonly issuer: string | null;
  readonly mchid: string;
  readonly name: string;
  readonly month: string;
  readonly issued_at: Date;
  readonly lines: readonly StoredInvoiceLine[];
  readonly net_minor: string;
  readonly vat_minor: string;
}

interface GroupRow {
  readonly method: PayMethod;
  readonly lines: readonly StoredLine[] | null;
  readonly on_refund: FeeOnRefund | null;
  readonly count: string;
  readonly paid: string;
  readonly fee: string;
  readonly vat: string;
}

const COLUMNS =
  'i.year, i.no, i.issuer, i.mchid, i.name, i.month, i.issued_at, i.lines, i.net_minor, i.vat_minor';
const SHOWN_MAX = 1_000;

/** Which invoices one asks for; null: any. */
export interface InvoicesWanted {
  readonly mchid: string | null;
  readonly month: string | null;
}

export class PostgresFeeInvoices implements FeeInvoiceStore {
  private readonly query: Query;

  constructor(
    private readonly database: Database,
    private readonly trail: PostgresAuditTrail,
  ) {
    this.query = (sql, parameters) => database.query(sql, parameters);
  }

  run<T>(work: (writes: FeeInvoiceWrites) => Promise<T>): Promise<T> {
    return this.database.run((tx) => work(new Writes(tx, this.trail)));
  }

  async endOf(month: string): Promise<Date> {
    const sql = 'select m.until from orders.month_of($1) m';
    const [row] = await this.query<{ until: Date }>(sql, [month]);
    invariant(row !== undefined, 'a month has an end');
    return row.until;
  }

  async owing(month: string): Promise<readonly string[]> {
    const rows = await this.query<{ mchid: string }>(
      `select m.mchid from orders.merchant m, orders.month_of($1) span
       where exists (select 1 from orders.payment_order o
           where o.mchid = m.mchid and o.paid_at >= span.since and o.paid_at < span.until)
         and not exists (select 1 from orders.fee_invoice i where i.mchid = m.mchid and i.month = $1)
       order by m.mchid`,
      [month],
    );
    return rows.map(({ mchid }) => mchid);
  }

  async isUnknown(mchid: string, month: string): Promise<boolean> {
    const [row] = await this.query<{ open: boolean }>(
      `select exists (select 1 from orders.attempt a
           join orders.payment_order o on o.id = a.order_id, orders.month_of($2) span
         where o.mchid = $1 and a.ask_at is not null and a.method = 'wallet' and a.confirmed_at < span.until) as open`,
      [mchid, month],
    );
    return row?.open === true;
  }

  /** Newest first. */
  async list({ mchid, month }: InvoicesWanted): Promise<readonly FeeInvoice[]> {
    const rows = await this.query<InvoiceRow>(
      `select ${COLUMNS} from orders.fee_invoice i
       where ($1::text is null or i.mchid = $1) and ($2::text is null or i.month = $2)
       order by i.year desc, i.no desc limit $3`,
      [mchid, month, SHOWN_MAX],
    );
    return rows.map(toInvoice);
  }

  async byNumber(mchid: string, of: { year: number; no: number }): Promise<FeeInvoice | undefined> {
    const sql = `select ${COLUMNS} from orders.fee_invoice i where i.mchid = $1 and i.year = $2 and i.no = $3`;
    const [row] = await this.query<InvoiceRow>(sql, [mchid, of.year, of.no]);
    return row && toInvoice(row);
  }
}

class Writes implements FeeInvoiceWrites {
  private readonly query: Query;

  constructor(
    private readonly tx: EntityManager,
    private readonly trail: PostgresAuditTrail,
  ) {
    this.query = (sql, parameters) => tx.query(sql, [...parameters]);
  }

  async lockGroups(mchid: string, month: string): Promise<readonly FeeGroup[]> {
    const lock = `select pg_advisory_xact_lock(hashtextextended('fee-invoice:' || $1, 0))`;
    await this.query(lock, [mchid]);
    const rows = await this.query<GroupRow>(
      `select o.method, v.lines, v.on_refund, count(*) as count, sum(o.amount_minor) as paid,
         sum(a.fee_minor) as fee, sum(a.fee_vat_minor) as vat
       from orders.month_of($2) span
         join orders.payment_order o on o.paid_at >= span.since and o.paid_at < span.until
         join orders.attempt a on a.id = o.paid_attempt_id
         left join orders.price_version v on v.id = a.price_version_id
       where o.mchid = $1 group by o.method, v.id`,
      [mchid, month],
    );
    return rows.map(toGroup);
  }

  async find(mchid: string, month: string): Promise<FeeInvoice | undefined> {
    const sql = `select ${COLUMNS} from orders.fee_invoice i where i.mchid = $1 and i.month = $2`;
    const [row] = await this.query<InvoiceRow>(sql, [mchid, month]);
    return row && toInvoice(row);
  }

  async insert(invoice: NewFeeInvoice): Promise<FeeInvoice> {
    const { issuer, mchid, month, issuedAt, lines, net, tax } = invoice;
    const [row] = await this.query<InvoiceRow>(
      `insert into orders.fee_invoice as i (mchid, name, month, issued_at, lines, net_minor, vat_minor, issuer)
       select $1, m.name, $2, $3, $4, $5, $6, $7 from orders.merchant m where m.mchid = $1
       returning ${COLUMNS}`,
      [
        ...[mchid, month, issuedAt, JSON.stringify(lines.map(storedOf))],
        ...[net.minor.toString(), tax.minor.toString(), issuer],
      ],
    );
    invariant(row !== undefined, 'merchants stay');
    return toInvoice(row);
  }

  audit(entry: AuditEntry): Promise<void> {
    return this.trail.append(this.tx, entry);
  }
}

function storedOf({ method, vat, count, paid, net, tax }: FeeInvoiceLine): StoredInvoiceLine {
  return {
    ...{ method, vat, count: count.toString(), paidMinor: paid.minor.toString() },
    ...{ netMinor: net.minor.toString(), vatMinor: tax.minor.toString() },
  };
}

function toInvoice(row: InvoiceRow): FeeInvoice {
  const { year, no, issuer, mchid, name, month } = row;
  return {
    ...{ year, no, issuer, mchid, name, month, issuedAt: row.issued_at },
    lines: row.lines.map(({ method, vat, count, paidMinor, netMinor, vatMinor }) => ({
      ...{ method, vat, count: BigInt(count) },
      ...{ paid: euros(paidMinor), net: euros(netMinor), tax: euros(vatMinor) },
    })),
    net: euros(row.net_minor),
    tax: euros(row.vat_minor),
  };
}

function toGroup(row: GroupRow): FeeGroup {
  const { method, lines, on_refund: onRefund, count, paid, fee, vat } = row;
  const prices =
    lines === null || onRefund === null ? null : { lines: lines.map(toLine), onRefund };
  return {
    ...{ method, prices, count: BigInt(count) },
    ...{ paid: euros(paid), fee: euros(fee), vat: euros(vat) },
  };
}

function euros(minor: string): Money {
  return Money.ofMinor(BigInt(minor), 'EUR');
}
