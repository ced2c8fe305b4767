import type {
  BatchSummary,
  PayeeChangeDetail,
  PayeeChangeSummary,
  WriteOff,
} from '@stuiver/console-api';
import { useState } from 'preact/hooks';
import { Link } from '../parts/link.js';
import { useTitle } from '../parts/use-title.js';
import { go } from '../state.js';
import { change, me } from './api.js';
import { BATCHES } from './batches.js';
import { Confirm, Field } from './confirm.js';
import { Amount, Table, When } from './parts.js';
import { State } from './states.js';
import { Pages } from './use-pages.js';
import { cw } from './words.js';
import { WRITE_OFFS, WriteOffTable } from './write-off.js';
import { fw } from './write-off-words.js';

export const PAYEE_CHANGES = '/console/finance/payee-changes';
const PREPARED = { state: 'prepared' } as const;
const OPEN = { state: 'open' } as const;

/** What waits for a second person: files for the bank, other accounts of merchants, and what is to be written off. */
export function ToApprove() {
  const w = cw.value;
  useTitle(w.toApprove);
  return (
    <>
      <h1>{w.toApprove}</h1>
      <h2>{w.batches}</h2>
      <Pages<BatchSummary> path={BATCHES} query={PREPARED} empty={w.noBatches}>
        {(batches) => <BatchTable batches={batches} />}
      </Pages>
      <h2>{w.accountChanges}</h2>
      <AskForMerchant />
      <Pages<PayeeChangeSummary> path={PAYEE_CHANGES} query={OPEN} empty={w.nothingFound}>
        {(changes) => <ChangeTable changes={changes} />}
      </Pages>
      <h2>{fw.value.title}</h2>
      <Pages<WriteOff> path={WRITE_OFFS} empty={w.nothingFound}>
        {(writeOffs) => <WriteOffTable writeOffs={writeOffs} />}
      </Pages>
    </>
  );
}

function BatchTable({ batches }: { batches: readonly BatchSummary[] }) {
  const w = cw.value;
  return (
    <Table
      caption={w.batches}
      heads={[w.batch, w.maker, w.count, w.amount]}
      rows={batches.map((batch) => ({
        key: batch.batchId,
        cells: [
          <Link key="to" to={`/finance/payouts/${batch.batchId}`}>
            <When at={batch.createdAt} />
          </Link>,
          batch.maker,
          batch.count,
          <Amount key="sum" minor={batch.sumMinor} />,
        ],
      }))}
    />
  );
}

function ChangeTable({ changes }: { changes: readonly PayeeChangeSummary[] }) {
  const w = cw.value;
  return (
    <Table
      caption={w.accountChanges}
      heads={[w.merchant, w.state, w.askedBy, w.account]}
      rows={changes.map((each) => ({
        key: each.payeeChangeId,
        cells: [
          <Link key="to" to={`/finance/payees/${each.payeeChangeId}`}>
            {each.merchantId}
          </Link>,
          <State key="state" of="payeeChange" code={each.state} />,
          <span key="by">
            {each.askedBy} · <When at={each.askedAt} />
          </span>,
          `•••• ${each.ibanLast4}`,
        ],
      }))}
    />
  );
}

/** Finance asks for a merchant: its first account, or another one. */
function AskForMerchant() {
  const w = cw.value;
  const [mchid, setMchid] = useState('');
  if (me.value?.roles.includes('finance') !== true) return null;
  return (
    <AskAccount
      consequence={w.askAccountSure}
      first={<Field label={w.merchant} value={mchid} onInput={setMchid} />}
      onAsk={async (details) => {
        const asked = await change<{ change: PayeeChangeDetail | null }>(PAYEE_CHANGES, {
          ...{ ...details, mchid: mchid.trim() },
        });
        if (asked.change !== null) go(`/finance/payees/${asked.change.payeeChangeId}`);
      }}
    />
  );
}

/** The button and the question: whose account, and which. */
export function AskAccount(props: {
  consequence: string;
  first?: preact.JSX.Element;
  onAsk: (details: { name: string; iban: string }) => Promise<void>;
}) {
  const w = cw.value;
  const [open, setOpen] = useState(false);
  const [name, setName] = useState('');
  const [iban, setIban] = useState('');
  return (
    <p>
      <button
        type="button"
        onClick={() => {
          setOpen(true);
        }}
      >
        {w.askAccount}
      </button>
      {open && (
        <Confirm
          title={w.askAccount}
          consequence={props.consequence}
          action={w.askAccountDo}
          onConfirm={() => props.onAsk({ name: name.trim(), iban: iban.trim() })}
          onClose={() => {
            setOpen(false);
          }}
        >
          {props.first}
          <Field label={w.accountName} value={name} onInput={setName} />
          <Field label="IBAN" value={iban} onInput={setIban} />
        </Confirm>
      )}
    </p>
  );
}
