import type { BankLine, LineChoices, PayoutSummary } from '@stuiver/console-api';
import { useState } from 'preact/hooks';
import { Link } from '../parts/link.js';
import { useTitle } from '../parts/use-title.js';
import { change, me } from './api.js';
import { codeWord } from './code-words.js';
import { Confirm, Field } from './confirm.js';
import { Amount, Chip, Day, euros, Facts, Shown, Table, When } from './parts.js';
import { BankReason, State } from './states.js';
import { PastMatches, Unmatch } from './unmatch.js';
import { useAsked } from './use-asked.js';
import { cw } from './words.js';
import { LineWriteOffs } from './write-off.js';

const LINES = '/console/finance/bank-lines';

/** What a line of the bank is, and why we think so; or what it may be, for a person to say. */
export function BankLinePage({ id }: { id: string }) {
  const w = cw.value;
  useTitle(w.bankLine);
  const asked = useAsked<BankLine>(`${LINES}/${id}`);
  return (
    <>
      <Shown asked={asked}>
        {(line) => (
          <>
            <p>
              <Link back to={`/finance/bank/${line.statementId}`}>
                {w.statement}
              </Link>
            </p>
            <h1>{w.bankLine}</h1>
            <LineFacts line={line} />
            {line.matchState === 'matched' ? (
              <Made line={line} onUndone={asked.again} />
            ) : (
              <Place line={line} onPlaced={asked.again} />
            )}
            <LineWriteOffs line={line} onDecided={asked.again} />
            <PastMatches line={line} />
          </>
        )}
      </Shown>
    </>
  );
}

function LineFacts({ line }: { line: BankLine }) {
  const w = cw.value;
  return (
    <Facts
      facts={[
        [w.amount, <Amount key="sum" minor={line.amountMinor} />],
        [w.state, <State key="state" of="match" code={line.matchState} />],
        [w.date, <Day key="day" day={line.bookedOn} />],
        [w.counterparty, line.counterparty ?? '–'],
        [w.description, line.remittance ?? '–'],
        ['EndToEndId', line.endToEndId === null ? '–' : <Chip id={line.endToEndId} />],
        ...(line.returnReason === null
          ? []
          : [[w.reason, <BankReason key="reason" code={line.returnReason} />] as const]),
      ]}
    />
  );
}

/** Which rule placed it, and where it leads. */
function Made({ line, onUndone }: { line: BankLine; onUndone: () => void }) {
  const w = cw.value;
  const rule = (line.rule ?? '').replace(/ v\d+$/, '');
  const note = rule === 'by-hand' && line.explanation !== null ? `: ${line.explanation}` : '';
  return (
    <>
      <h2>{w.by}</h2>
      <p>
        {codeWord('rule', rule)}
        {note}
      </p>
      {line.payout !== null && (
        <p>
          <Link to={`/merchant/${line.payout.merchantId}/settlements/${line.payout.settlementId}`}>
            {w.settlement}
          </Link>{' '}
          <State of="payout" code={line.payout.state} /> <Amount minor={line.payout.amountMinor} />
        </p>
      )}
      {line.pspPayoutId !== null && (
        <p>
          {w.pspPayout} <Chip id={line.pspPayoutId} />
        </p>
      )}
      {line.pspPayoutId !== null && me.value?.roles.includes('finance') === true && (
        <Unmatch line={line} onUndone={onUndone} />
      )}
    </>
  );
}

/** A choice, as it is sent and as it is told. */
interface Chosen {
  readonly body: { readonly payoutId: string } | { readonly pspPayoutId: string };
  readonly consequence: string;
}

function Place({ line, onPlaced }: { line: BankLine; onPlaced: () => void }) {
  const w = cw.value;
  const asked = useAsked<LineChoices>(`${LINES}/${line.bankLineId}/choices`);
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [note, setNote] = useState('');
  const amount = euros(line.amountMinor);
  return (
    <Shown asked={asked}>
      {(choices) => (
        <>
          <h2>{w.whyOpen}</h2>
          <ul class="plain">
            {choices.problems.map((problem) => (
              <li key={problem}>{codeWord('lineProblem', problem)}</li>
            ))}
          </ul>
          <h2>{w.place}</h2>
          <Choices line={line} choices={choices} onChoose={setChosen} />
          {chosen !== null && (
            <Confirm
              title={w.placeTitle.replace('{amount}', amount)}
              consequence={chosen.consequence}
              action={w.placeDo.replace('{amount}', amount)}
              onConfirm={async () => {
                const body = { ...chosen.body, note: note.trim() };
                await change(`${LINES}/${line.bankLineId}/place`, body);
                onPlaced();
              }}
              onClose={() => {
                setChosen(null);
              }}
            >
              <Field label={w.note} hint={w.noteHint} value={note} onInput={setNote} />
            </Confirm>
          )}
        </>
      )}
    </Shown>
  );
}

function Choices(props: {
  line: BankLine;
  choices: LineChoices;
  onChoose: (chosen: Chosen) => void;
}) {
  const { line, choices, onChoose } = props;
  const w = cw.value;
  const ofPayout = ({ payoutId, merchantId }: PayoutSummary): Chosen => {
    const told = line.amountMinor.startsWith('-') ? w.placePaid : w.placeReturned;
    return { body: { payoutId }, consequence: told.replace('{merchant}', merchantId) };
  };
  const rows = [
    ...choices.payouts.map((payout) => ({
      id: payout.endToEndId,
      what: `${w.payout} · ${w.merchant} ${payout.merchantId} · •••• ${payout.ibanLast4}`,
      at: payout.createdAt,
      minor: payout.amountMinor,
      chosen: ofPayout(payout),
    })),
    ...choices.pspPayouts.map(({ pspPayoutId, sentAt, amountMinor }) => ({
      id: pspPayoutId,
      what: w.pspPayout,
      at: sentAt,
      minor: amountMinor,
      chosen: { body: { pspPayoutId }, consequence: w.placePsp.replace('{id}', pspPayoutId) },
    })),
  ];
  if (rows.length === 0) return <p class="soft empty">{w.placeNone}</p>;
  return (
    <>
      <p class="soft">{w.placeHint}</p>
      <Table
        caption={w.place}
        heads={[w.kind, w.date, 'ID', w.amount, w.place]}
        rows={rows.map(({ id, what, at, minor, chosen }) => ({
          key: id,
          cells: [
            what,
            <When key="at" at={at} />,
            <Chip key="id" id={id} />,
            <Amount key="sum" minor={minor} />,
            <button
              key="place"
              type="button"
              onClick={() => {
                onChoose(chosen);
              }}
            >
              {w.placeAs}
            </button>,
          ],
        }))}
      />
    </>
  );
}
