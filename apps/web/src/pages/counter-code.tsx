import { CheckoutProblem, money } from '@stuiver/host';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Link } from '../parts/link.js';
import { Loading } from '../parts/loading.js';
import { minorOf } from '../parts/minor-of.js';
import { paySheet } from '../parts/sheet.js';
import { useTitle } from '../parts/use-title.js';
import { api, language, session, words } from '../state.js';
import { wordsFor } from './pay-link.js';

interface ShownCode {
  readonly kind: 'static' | 'link';
  readonly state: 'open' | 'paid' | 'expired' | 'withdrawn';
  readonly payee: { readonly name: string };
  readonly description: string;
  readonly amount_minor: string | null;
  readonly min_minor: string | null;
  readonly max_minor: string | null;
  readonly currency: string;
}

/** A shop's printed QR code or payment link: who is paid for what, then the sheet. */
export function CounterCode({ code }: { code: string }) {
  const w = words.value;
  useTitle(w.link);
  const [shown, setShown] = useState<ShownCode | 'failed' | 'not-there' | null>(null);
  const user = session.value?.user;
  const load = async (): Promise<void> => {
    try {
      setShown((await api.get(`/checkout/codes/${code}`)) as ShownCode);
    } catch (error) {
      const isNotThere = error instanceof CheckoutProblem && error.code === 'NOT_FOUND';
      setShown(isNotThere ? 'not-there' : 'failed');
    }
  };
  useEffect(() => {
    if (user !== undefined) void load();
  }, [user?.user_id]);
  if (shown === null) return <Loading />;
  if (shown === 'not-there') return <h1>{w.codeNotThere}</h1>;
  if (shown === 'failed') {
    return (
      <section class="card" role="alert">
        <p>{w.offline}</p>
        <button type="button" onClick={() => void load()}>
          {w.retry}
        </button>
      </section>
    );
  }
  return <Payable code={code} shown={shown} again={load} />;
}

interface PayableProps {
  readonly code: string;
  readonly shown: ShownCode;
  readonly again: () => Promise<void>;
}

/** One payment through the code, and what became of it. */
function usePayment({ code, again }: PayableProps) {
  const [outcome, setOutcome] = useState('');
  const [busy, setBusy] = useState(false);
  const request = useRef(crypto.randomUUID());
  const pay = async (amountMinor: string | null): Promise<void> => {
    if (busy) return;
    setBusy(true);
    setOutcome('');
    const amount = amountMinor === null ? {} : { amount_minor: amountMinor };
    const end = await paySheet().pay(async () => {
      const body = { request_id: request.current, ...amount };
      const answer = await api.post(`/checkout/codes/${code}/orders`, body);
      return api.openByCode((answer as { code: string }).code);
    });
    // Only what nobody knows the end of is asked for again under the same name.
    if (end !== 'requestPayment:fail network error') request.current = crypto.randomUUID();
    if (end !== 'requestPayment:ok') await again();
    setOutcome(end);
    setBusy(false);
  };
  return { outcome, busy, pay };
}

function Payable(props: PayableProps) {
  const { shown } = props;
  const { outcome, busy, pay } = usePayment(props);
  const isPaid = outcome === 'requestPayment:ok';
  const isOpen = shown.state === 'open' && !isPaid;
  useEffect(() => {
    if (isOpen && shown.amount_minor !== null) void pay(null);
    return () => {
      paySheet().dismiss();
    };
  }, []);
  return (
    <section class="card">
      <h1>{shown.payee.name}</h1>
      <p>{shown.description}</p>
      {shown.amount_minor !== null && <p class="headline">{euros(shown.amount_minor)}</p>}
      <p role="status">
        {isPaid || (outcome !== '' && isOpen) ? wordsFor(outcome) : stateWords(shown)}
      </p>
      {isPaid && <Paid />}
      {isOpen && <Ask shown={shown} busy={busy} pay={pay} />}
    </section>
  );
}

function Ask(props: {
  shown: ShownCode;
  busy: boolean;
  pay: (amountMinor: string | null) => Promise<void>;
}) {
  const { shown, busy, pay } = props;
  if (shown.amount_minor === null) {
    return <TypedAmount shown={shown} busy={busy} onPay={(minor) => void pay(minor)} />;
  }
  return (
    <button type="button" class="primary" disabled={busy} onClick={() => void pay(null)}>
      {words.value.codePay.replace('{amount}', euros(shown.amount_minor))}
    </button>
  );
}

/** What is to be said before anybody paid: nothing while it is open. */
function stateWords({ state }: ShownCode): string {
  const w = words.value;
  if (state === 'paid') return w.codePaid;
  if (state === 'expired') return w.codeExpired;
  return state === 'withdrawn' ? w.codeWithdrawn : '';
}

function Paid() {
  const w = words.value;
  return (
    <p>
      {session.value?.user.guest === true && (
        <>
          {w.guestHint} <Link to="/settings">{w.keep}</Link>{' '}
        </>
      )}
      <Link to="/history">{w.history}</Link>
    </p>
  );
}

function TypedAmount(props: { shown: ShownCode; busy: boolean; onPay: (minor: string) => void }) {
  const { shown, busy, onPay } = props;
  const w = words.value;
  const [text, setText] = useState('');
  const [isRefused, setRefused] = useState(false);
  const { min_minor: min, max_minor: max } = shown;
  const minor = minorOf(text);
  const fits = (amount: string): boolean =>
    BigInt(amount) >= BigInt(min ?? '1') && BigInt(amount) <= BigInt(max ?? amount);
  const bounds = w.codeBounds
    .replace('{min}', euros(min ?? '1'))
    .replace('{max}', euros(max ?? '1'));
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const isGood = minor !== null && fits(minor);
        setRefused(!isGood);
        if (isGood) onPay(minor);
      }}
    >
      <label class="field">
        {w.codeAmount}
        <input
          type="text"
          inputMode="decimal"
          autocomplete="off"
          aria-describedby="bounds"
          aria-invalid={isRefused}
          value={text}
          onInput={(event) => {
            setText(event.currentTarget.value);
          }}
        />
      </label>
      <p id="bounds" class={isRefused ? 'problem' : 'soft'} role={isRefused ? 'alert' : undefined}>
        {isRefused && <span aria-hidden="true">! </span>}
        {bounds}
      </p>
      <button class="primary" disabled={busy}>
        {minor === null ? w.payAgain : w.codePay.replace('{amount}', euros(minor))}
      </button>
    </form>
  );
}

function euros(minor: string): string {
  return money(minor, 'EUR', language.value);
}
