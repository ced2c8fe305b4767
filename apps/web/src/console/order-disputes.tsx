import type { OrderDetail, OrderDispute } from '@stuiver/console-api';
import type { ComponentChildren } from 'preact';
import { codeWord } from './code-words.js';
import { Amount, Facts, When } from './parts.js';
import { cw } from './words.js';

/** What the payer's bank takes back or asks about: how it stands, and until when it can be answered. */
export function Disputes({ order }: { order: OrderDetail }) {
  const w = cw.value;
  return (
    <>
      {order.disputes.map((dispute) => (
        <section key={dispute.disputeId}>
          <h2>{w.dispute}</h2>
          <p>{codeWord('dispute', dispute.state)}</p>
          <Facts
            facts={[
              [w.amount, <Amount key="sum" minor={dispute.amountMinor} />],
              [w.reason, codeWord('disputeReason', dispute.reason)],
            ]}
          />
          <Answer dispute={dispute} />
        </section>
      ))}
    </>
  );
}

function Answer({ dispute }: { dispute: OrderDispute }) {
  const { state, evidenceDueAt } = dispute;
  const isOpen = state === 'open' || state === 'inquiry';
  if (!isOpen || evidenceDueAt === null) return null;
  return (
    <p>
      {cw.value.disputeAnswer} <When at={evidenceDueAt} />.
    </p>
  );
}

/** Whether the payer's bank may still take it back. */
export function finalityOf({ disputableUntil: until }: OrderDetail): [string, ComponentChildren] {
  const w = cw.value;
  return [w.finality, until === null ? w.isFinal : <Until key="until" at={until} />];
}

function Until({ at }: { at: string }) {
  const [before, after = ''] = cw.value.disputableUntil.split('{day}');
  return (
    <>
      {before}
      <When at={at} />
      {after}
    </>
  );
}

/** What happened in them, for the order's timeline. */
export function disputeMoments({ disputes }: OrderDetail): readonly DisputeMoment[] {
  return disputes.flatMap((dispute) => {
    const w = cw.value;
    const { disputeId: id, amountMinor: minor } = dispute;
    const opened = w.disputeOpened.replace('{reason}', codeWord('disputeReason', dispute.reason));
    return [
      { key: `${id}:opened`, at: dispute.openedAt, text: opened },
      ...moment(`${id}:taken`, dispute.withdrawnAt, { text: w.disputeTaken, minor }),
      ...moment(`${id}:back`, dispute.returnedAt, { text: w.disputeBack, minor }),
      ...moment(`${id}:ended`, dispute.endedAt, { text: w.disputeEnded }),
    ];
  });
}

interface DisputeMoment {
  readonly key: string;
  readonly at: string;
  readonly text: string;
  readonly minor?: string;
}

function moment(
  key: string,
  at: string | null,
  what: { readonly text: string; readonly minor?: string },
): readonly DisputeMoment[] {
  return at === null ? [] : [{ key, at, ...what }];
}
