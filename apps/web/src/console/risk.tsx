import type { ReviewShown, RiskRule } from '@stuiver/console-api';
import { useState } from 'preact/hooks';
import { Link } from '../parts/link.js';
import { useTitle } from '../parts/use-title.js';
import { change } from './api.js';
import { codeWord } from './code-words.js';
import { Confirm, Field } from './confirm.js';
import { decimalOf } from './csv.js';
import { Filters, queryOf } from './filters.js';
import { Amount, Chip, Table, When } from './parts.js';
import { Blocks } from './risk-blocks.js';
import { rw } from './risk-words.js';
import { Pages } from './use-pages.js';

const REVIEWS = '/console/risk/reviews';
const NAMES = ['q', 'state'];
const CSV = {
  name: 'stuiver-reviews',
  heads: [
    ...['review', 'state', 'opened_at', 'deadline_at', 'merchant', 'order', 'payer', 'method'],
    ...['amount', 'currency', 'reasons', 'decided_at', 'decided_by', 'note'],
  ],
  row: (review: ReviewShown) => [
    ...[review.reviewId, review.state, review.openedAt, review.deadlineAt, review.mchid],
    ...[review.outTradeNo, review.userId, review.method, decimalOf(review.amountMinor)],
    ...[review.currency, review.reasons.join(' '), review.decidedAt ?? ''],
    ...[review.decidedBy ?? '', review.note ?? ''],
  ],
};

/** Payments that wait for somebody to look at them, and whom we do not serve. */
export function RiskPage() {
  const w = rw.value;
  useTitle(w.risk);
  const [turn, setTurn] = useState(0);
  return (
    <>
      <h1>{w.risk}</h1>
      <p class="soft">{w.hint}</p>
      <Filters
        names={NAMES}
        hint={w.search}
        choices={[
          {
            name: 'state',
            label: w.state,
            options: Object.entries(w.states),
          },
        ]}
      />
      <Pages<ReviewShown> key={turn} path={REVIEWS} query={queryOf(NAMES)} empty={w.none} csv={CSV}>
        {(reviews) => (
          <Table
            caption={w.risk}
            heads={[w.payment, w.why, w.facts, w.until, w.outcome]}
            rows={reviews.map((review) => ({
              key: review.reviewId,
              cells: cellsOf(review, () => {
                setTurn(turn + 1);
              }),
            }))}
          />
        )}
      </Pages>
      <Blocks />
    </>
  );
}

function cellsOf(review: ReviewShown, onDecided: () => void) {
  const w = rw.value;
  return [
    <span key="payment">
      <Link to={`/merchant/${review.mchid}/orders/${review.orderId}`}>
        {review.merchantName}: {review.description}
      </Link>{' '}
      <Amount minor={review.amountMinor} /> ({codeWord('method', review.method)})
    </span>,
    <span key="why">{review.reasons.map(reasonText).join('; ')}</span>,
    <span key="facts">
      {w.payer} <Chip id={review.userId} /> {factsText(review)}
    </span>,
    <When key="until" at={review.deadlineAt} />,
    review.state === 'waiting' ? (
      <Decide key="outcome" review={review} onDecided={onDecided} />
    ) : (
      <Outcome key="outcome" review={review} />
    ),
  ];
}

/** Words of a rule; the version tells which meaning it had. */
function reasonText(reason: ReviewShown['reasons'][number]): string {
  const [rule = ''] = reason.split('/');
  return rw.value.rules[rule as RiskRule];
}

function factsText({ facts }: ReviewShown): string {
  const w = rw.value;
  const { personAttempts, personDeclines, hasPaidMerchant } = facts;
  const counted = w.counted
    .replace('{attempts}', String(personAttempts))
    .replace('{declines}', String(personDeclines));
  const known = hasPaidMerchant ? w.paidBefore : w.firstPayment;
  return personAttempts === 0 ? known : `${known}; ${counted}`;
}

function Outcome({ review }: { review: ReviewShown }) {
  const w = rw.value;
  const { state, decidedBy, note } = review;
  const who = state === 'refused' ? (decidedBy ?? w.byRule) : decidedBy;
  return (
    <span>
      {w.states[state]}
      {who !== null && ` (${who})`}
      {note !== null && (
        <>
          <br />
          <q>{note}</q>
        </>
      )}
    </span>
  );
}

function Decide({ review, onDecided }: { review: ReviewShown; onDecided: () => void }) {
  const w = rw.value;
  const [asked, setAsked] = useState<'approve' | 'refuse' | null>(null);
  const [note, setNote] = useState('');
  return (
    <span class="acts">
      {(['approve', 'refuse'] as const).map((act) => (
        <button
          key={act}
          type="button"
          onClick={() => {
            setAsked(act);
          }}
        >
          {w[act]}
        </button>
      ))}
      {asked !== null && (
        <Confirm
          title={`${w[asked]}: ${review.description}`}
          consequence={asked === 'approve' ? w.approveSure : w.refuseSure}
          action={w[asked]}
          onConfirm={async () => {
            await change(`${REVIEWS}/${review.reviewId}/${asked}`, { note: note.trim() });
            onDecided();
          }}
          onClose={() => {
            setAsked(null);
          }}
        >
          <Field label={w.note} hint={w.noteHint} value={note} onInput={setNote} />
        </Confirm>
      )}
    </span>
  );
}
