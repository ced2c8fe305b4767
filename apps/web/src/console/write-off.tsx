import type { BankLine, WriteOff, WriteOffReason } from '@stuiver/console-api';
import { useState } from 'preact/hooks';
import { Link } from '../parts/link.js';
import { change, me } from './api.js';
import { Confirm, Field } from './confirm.js';
import { Amount, euros, Shown, Table, When } from './parts.js';
import { useAsked } from './use-asked.js';
import { cw } from './words.js';
import { fw } from './write-off-words.js';

export const WRITE_OFFS = '/console/finance/write-offs';
const REASONS: readonly WriteOffReason[] = [
  ...(['bank-fee', 'interest', 'tolerance', 'bad-debt', 'unidentified', 'own-funds'] as const),
];

/** What waits for another person; the line's page has the buttons. */
export function WriteOffTable({ writeOffs }: { writeOffs: readonly WriteOff[] }) {
  const [w, f] = [cw.value, fw.value];
  return (
    <Table
      caption={f.title}
      heads={[w.amount, w.reason, w.askedBy]}
      rows={writeOffs.map(({ writeOffId, bankLineId, amountMinor, reason, askedBy, askedAt }) => ({
        key: writeOffId,
        cells: [
          <Link key="to" to={`/finance/lines/${bankLineId}`}>
            <Amount minor={amountMinor} />
          </Link>,
          f[reason],
          <span key="by">
            {askedBy} · <When at={askedAt} />
          </span>,
        ],
      }))}
    />
  );
}

interface OfLine {
  readonly line: BankLine;
  readonly onDecided: () => void;
}

/** What was asked about a line and what became of it; the way to ask while it is open. */
export function LineWriteOffs({ line, onDecided }: OfLine) {
  const f = fw.value;
  const path = `/console/finance/bank-lines/${line.bankLineId}/write-offs`;
  const asked = useAsked<{ writeOffs: readonly WriteOff[] }>(path);
  const again = (): void => {
    asked.again();
    onDecided();
  };
  const isOpen = line.matchState !== 'matched';
  return (
    <Shown asked={asked}>
      {({ writeOffs }) =>
        !isOpen && writeOffs.length === 0 ? null : (
          <>
            <h2>{f.title}</h2>
            {writeOffs.map((writeOff) => (
              <One
                key={writeOff.writeOffId}
                writeOff={writeOff}
                isOpen={isOpen}
                onDecided={again}
              />
            ))}
            {isOpen && !writeOffs.some(({ state }) => state === 'asked') && (
              <Ask line={line} onDecided={again} />
            )}
          </>
        )
      }
    </Shown>
  );
}

function One(props: { writeOff: WriteOff; isOpen: boolean; onDecided: () => void }) {
  const { writeOff, isOpen, onDecided } = props;
  const f = fw.value;
  const { state, reason, note, askedBy, askedAt, decidedBy, decidedAt } = writeOff;
  return (
    <>
      <p>
        <strong>{f[reason]}</strong>. {f.askedBy.replace('{name}', askedBy).replace('{note}', note)}{' '}
        · <When at={askedAt} />
      </p>
      <p class="soft">
        {decidedBy === null || decidedAt === null ? (
          f[state]
        ) : (
          <>
            {f.decidedBy.replace('{state}', f[state]).replace('{name}', decidedBy)} ·{' '}
            <When at={decidedAt} />
          </>
        )}
      </p>
      {state === 'asked' && isOpen && <Decide writeOff={writeOff} onDecided={onDecided} />}
    </>
  );
}

type Verb = 'approve' | 'refuse' | 'withdraw';

function Decide({ writeOff, onDecided }: { writeOff: WriteOff; onDecided: () => void }) {
  const f = fw.value;
  const [verb, setVerb] = useState<Verb | null>(null);
  if (me.value?.roles.includes('finance') !== true) return null;
  const { writeOffId, detailsSha256, mayApprove, amountMinor, reason } = writeOff;
  const verbs: readonly Verb[] = mayApprove ? ['approve', 'refuse'] : ['withdraw'];
  const sure = f.approveSure.replace('{amount}', euros(amountMinor)).replace('{reason}', f[reason]);
  return (
    <div class="acts">
      {verbs.map((each) => (
        <button
          key={each}
          type="button"
          class={each === 'approve' ? 'primary' : 'quiet'}
          onClick={() => {
            setVerb(each);
          }}
        >
          {f[each]}
        </button>
      ))}
      {!mayApprove && <p class="person">{f.yours}</p>}
      {verb !== null && (
        <Confirm
          title={f[verb]}
          consequence={verb === 'approve' ? sure : f.endSure}
          action={f[verb]}
          onConfirm={async () => {
            const body = verb === 'approve' ? { detailsSha256 } : {};
            await change(`${WRITE_OFFS}/${writeOffId}/${verb}`, body);
            onDecided();
          }}
          onClose={() => {
            setVerb(null);
          }}
        />
      )}
    </div>
  );
}

function Ask({ line, onDecided }: OfLine) {
  const f = fw.value;
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState<WriteOffReason>('bank-fee');
  const [note, setNote] = useState('');
  if (me.value?.roles.includes('finance') !== true) return null;
  return (
    <>
      <p class="soft">{f.hint}</p>
      <button
        type="button"
        onClick={() => {
          setOpen(true);
        }}
      >
        {f.ask}
      </button>
      {open && (
        <Confirm
          title={f.ask}
          consequence={f.askSure.replace('{amount}', euros(line.amountMinor))}
          action={f.ask}
          onConfirm={async () => {
            const path = `/console/finance/bank-lines/${line.bankLineId}/write-off`;
            await change(path, { reason, note: note.trim() });
            onDecided();
          }}
          onClose={() => {
            setOpen(false);
          }}
        >
          <label class="field">
            {f.reason}
            <select
              value={reason}
              onChange={(event) => {
                setReason(REASONS.find((one) => one === event.currentTarget.value) ?? 'bank-fee');
              }}
            >
              {REASONS.map((each) => (
                <option key={each} value={each}>
                  {f[each]}
                </option>
              ))}
            </select>
          </label>
          <Field label={f.note} value={note} onInput={setNote} />
        </Confirm>
      )}
    </>
  );
}
