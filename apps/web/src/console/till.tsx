import type { TillNow, TillOrder } from '@stuiver/console-api';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { useTitle } from '../parts/use-title.js';
import { chooseMuted, muted, readyChime } from './chime.js';
import { euros, Shown, Trouble } from './parts.js';
import { QrCode } from './qr-code.js';
import { TillDay } from './till-day.js';
import { TillPad } from './till-pad.js';
import { useAct } from './use-act.js';
import { useAsked } from './use-asked.js';
import { isOver, type Till, useTill } from './use-till.js';
import { cw } from './words.js';

/** An amount, a QR code, "paid": a till on any phone. */
export function TillPage({ mchid }: { mchid: string }) {
  const w = cw.value;
  useTitle(w.till);
  const path = `/console/merchants/${mchid}/till`;
  const asked = useAsked<TillNow>(path);
  return (
    <div class="till">
      <div class="till-head">
        <h1>{w.till}</h1>
        <MuteSwitch />
      </div>
      <Shown asked={asked}>{(now) => <Counter mchid={mchid} path={path} now={now} />}</Shown>
    </div>
  );
}

function Counter({ mchid, path, now }: { mchid: string; path: string; now: TillNow }) {
  const till = useTill(path, now);
  return (
    <>
      {till.order === null ? (
        <TillPad onAsk={till.ask} />
      ) : (
        <Asked key={till.order.orderId} order={till.order} till={till} />
      )}
      <TillDay mchid={mchid} path={path} today={till.today} />
    </>
  );
}

function MuteSwitch() {
  const w = cw.value;
  return (
    <button
      type="button"
      class="quiet"
      onClick={() => {
        readyChime();
        chooseMuted(!muted.value);
      }}
    >
      {muted.value ? w.tillUnmute : w.tillMute}
    </button>
  );
}

/** What the customer sees and what the cashier hears: the code, then what became of it. */
function Asked({ order, till }: { order: TillOrder; till: Till }) {
  const w = cw.value;
  const amount = euros(order.amountMinor);
  const { busy, error, act } = useAct();
  return (
    <section class={`till-asked ${order.state}`}>
      <p class="headline">{amount}</p>
      {order.codeUrl !== null && (
        <>
          <QrCode text={order.codeUrl} label={w.tillQr.replace('{amount}', amount)} />
          <p class="soft">{w.tillScan}</p>
        </>
      )}
      <p class="till-state" role="status">
        <span aria-hidden="true">{MARKS[order.state]} </span>
        <span>{stateText(order.state)}</span>
      </p>
      {till.isOffline && !isOver(order) && (
        <p role="alert" class="person">
          ● {w.tillOffline}
        </p>
      )}
      <Trouble error={error} />
      {isOver(order) ? (
        <NextButton onNext={till.next} />
      ) : (
        <button
          type="button"
          disabled={busy}
          onClick={() => {
            act(till.cancel);
          }}
        >
          {w.tillCancel}
        </button>
      )}
    </section>
  );
}

const MARKS: Readonly<Record<TillOrder['state'], string>> = {
  ...{ waiting: '○', paying: '●', paid: '✓', cancelled: '–', expired: '–' },
};

function stateText(state: TillOrder['state']): string {
  const w = cw.value;
  const words: Readonly<Record<TillOrder['state'], string>> = {
    ...{ waiting: w.tillWaiting, paying: w.tillPaying, paid: w.tillPaid },
    ...{ cancelled: w.tillCancelled, expired: w.tillExpired },
  };
  return words[state];
}

/** Has the focus: Enter serves the next customer. */
function NextButton({ onNext }: { onNext: () => void }) {
  const button = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    button.current?.focus();
  }, []);
  return (
    <button ref={button} type="button" class="primary" onClick={onNext}>
      {cw.value.tillNext}
    </button>
  );
}
