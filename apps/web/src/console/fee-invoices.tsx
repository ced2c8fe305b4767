import type { FeeInvoice, FeeInvoices, FeeInvoicesIssued } from '@stuiver/console-api';
import { useState } from 'preact/hooks';
import { useTitle } from '../parts/use-title.js';
import { language } from '../state.js';
import { change } from './api.js';
import { Amount, Shown, Table, Trouble } from './parts.js';
import { dayOf } from './price-parts.js';
import { pw } from './price-words.js';
import { useAct } from './use-act.js';
import { useAsked } from './use-asked.js';
import { cw } from './words.js';

const INVOICES = '/console/fee-invoices';

/** Every merchant's invoices, and the making of those of a month. */
export function FeeInvoicesPage() {
  const p = pw.value;
  useTitle(p.invoices);
  const asked = useAsked<FeeInvoices>(INVOICES);
  return (
    <>
      <h1>{p.invoices}</h1>
      <MakeInvoices onMade={asked.again} />
      <Shown asked={asked}>{({ invoices }) => <List invoices={invoices} />}</Shown>
    </>
  );
}

/** What a merchant was charged, month by month. */
export function MerchantInvoices({ mchid }: { mchid: string }) {
  const asked = useAsked<FeeInvoices>(`/console/merchants/${mchid}/fee-invoices`);
  return <Shown asked={asked}>{({ invoices }) => <List invoices={invoices} />}</Shown>;
}

function MakeInvoices({ onMade }: { onMade: () => void }) {
  const p = pw.value;
  const [month, setMonth] = useState('');
  const [said, setSaid] = useState('');
  const { busy, error, act } = useAct();
  const make = async (): Promise<void> => {
    const { made, waiting } = await change<FeeInvoicesIssued>(INVOICES, { month });
    const open = waiting.length === 0 ? '' : ` ${p.invoicesWaiting} ${waiting.join(', ')}`;
    setSaid(p.invoicesMade.replace('{count}', String(made.length)) + open);
    onMade();
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        act(make);
      }}
    >
      <label class="field">
        {p.month}
        <input
          type="month"
          required
          placeholder="2026-11"
          pattern="20\d\d-(0[1-9]|1[0-2])"
          value={month}
          onInput={(event) => {
            setMonth(event.currentTarget.value);
          }}
        />
      </label>
      <button type="submit" class="primary" disabled={busy}>
        {p.makeInvoices}
      </button>
      <p role="status">{said}</p>
      <Trouble error={error} />
    </form>
  );
}

function List({ invoices }: { invoices: readonly FeeInvoice[] }) {
  const p = pw.value;
  if (invoices.length === 0) return <p class="soft empty">{p.noInvoices}</p>;
  return (
    <Table
      caption={p.invoices}
      heads={[
        p.invoice,
        p.month,
        cw.value.merchant,
        cw.value.date,
        p.download,
        p.vat,
        cw.value.sum,
      ]}
      rows={invoices.map((invoice) => ({
        key: invoice.number,
        cells: [
          invoice.number,
          invoice.month,
          invoice.name,
          dayOf(invoice.issuedAt),
          <Papers key="papers" invoice={invoice} />,
          <Amount key="vat" minor={invoice.vatMinor} />,
          <Amount key="sum" minor={invoice.totalMinor} />,
        ],
      }))}
    />
  );
}

function Papers({ invoice: { mchid, number } }: { invoice: FeeInvoice }) {
  const path = `/console/merchants/${mchid}/fee-invoices/${number}`;
  return (
    <>
      <a href={`${path}/pdf?lang=${language.value}`} download aria-label={`PDF ${number}`}>
        PDF
      </a>{' '}
      <a href={`${path}/csv`} download aria-label={`CSV ${number}`}>
        CSV
      </a>
    </>
  );
}
