import type { CounterCodeSummary, SwitchedCounterCode } from '@stuiver/console-api';
import { useState } from 'preact/hooks';
import { Link } from '../parts/link.js';
import { useTitle } from '../parts/use-title.js';
import { change } from './api.js';
import { codeWord } from './code-words.js';
import { Confirm } from './confirm.js';
import { decimalOf } from './csv.js';
import { MakeCode } from './make-code.js';
import { Amount, euros, Table, Trouble, When } from './parts.js';
import { useAct } from './use-act.js';
import { type CsvShape, Pages } from './use-pages.js';
import { cw } from './words.js';

type Kind = CounterCodeSummary['kind'];

/** A merchant's printed codes, or their payment links: what there is, and a form for the next. */
export function CounterCodes({ mchid, kind }: { mchid: string; kind: Kind }) {
  const w = cw.value;
  const title = kind === 'link' ? w.links : w.codes;
  useTitle(title);
  const [turn, setTurn] = useState(0);
  const path = `/console/merchants/${mchid}/codes`;
  const again = (): void => {
    setTurn(turn + 1);
  };
  return (
    <>
      <h1>{title}</h1>
      <p class="soft">{kind === 'link' ? w.linksHint : w.codesHint}</p>
      <MakeCode key={`make ${String(turn)}`} path={path} kind={kind} onMade={again} />
      <Pages<CounterCodeSummary>
        key={turn}
        path={`${path}?kind=${kind}`}
        empty={kind === 'link' ? w.linksEmpty : w.codesEmpty}
        csv={csvOfKind(kind)}
      >
        {(codes) =>
          kind === 'link' ? (
            <Links path={path} codes={codes} onChanged={again} />
          ) : (
            <Signs mchid={mchid} path={path} codes={codes} onChanged={again} />
          )
        }
      </Pages>
    </>
  );
}

function csvOfKind(kind: Kind): CsvShape<CounterCodeSummary> {
  return {
    name: `stuiver-${kind === 'link' ? 'links' : 'codes'}`,
    heads: [
      ...['code_id', 'description', 'state', 'amount', 'minimum', 'maximum', 'currency'],
      ...['payments', 'payments_max', 'received', 'expires_at', 'url'],
    ],
    row: (code) => [
      ...[code.codeId, code.description, code.state],
      ...[code.amountMinor, code.minMinor, code.maxMinor].map((minor) =>
        minor === null ? '' : decimalOf(minor),
      ),
      ...['EUR', String(code.paidCount), String(code.paymentsMax ?? '')],
      ...[decimalOf(code.paidMinor), code.expiresAt ?? '', code.url],
    ],
  };
}

interface ListProps {
  readonly path: string;
  readonly codes: readonly CounterCodeSummary[];
  readonly onChanged: () => void;
}

function Signs({ mchid, path, codes, onChanged }: ListProps & { mchid: string }) {
  const w = cw.value;
  return (
    <Table
      caption={w.codes}
      heads={[w.description, w.amount, w.state, w.codeReceived, w.codePrint]}
      rows={codes.map((code) => ({
        key: code.codeId,
        cells: [
          code.description,
          priceText(code),
          <Switch key="switch" path={path} code={code} onChanged={onChanged} />,
          <Received key="received" code={code} />,
          <Link key="to" to={`/merchant/${mchid}/codes/${code.codeId}`}>
            {w.codePrint}
          </Link>,
        ],
      }))}
    />
  );
}

function priceText({ amountMinor, minMinor, maxMinor }: CounterCodeSummary): string {
  if (amountMinor !== null) return euros(amountMinor);
  return cw.value.codeBetween
    .replace('{min}', euros(minMinor ?? '0'))
    .replace('{max}', euros(maxMinor ?? '0'));
}

function Received({ code }: { code: CounterCodeSummary }) {
  const of = code.paymentsMax === null ? '' : ` / ${String(code.paymentsMax)}`;
  return (
    <>
      <Amount minor={code.paidMinor} /> ({code.paidCount}
      {of})
    </>
  );
}

function Switch(props: { path: string; code: CounterCodeSummary; onChanged: () => void }) {
  const { path, code, onChanged } = props;
  const w = cw.value;
  const isOn = code.state === 'open';
  const { busy, error, act } = useAct();
  return (
    <>
      <span class={`state ${isOn ? 'good' : 'calm'}`}>
        <span aria-hidden="true">{isOn ? '✓ ' : '○ '}</span>
        {isOn ? w.codeOn : w.codeOff}
      </span>{' '}
      <button
        type="button"
        class="quiet"
        disabled={busy}
        onClick={() => {
          act(async () => {
            await change(`${path}/${code.codeId}/switch`, { on: !isOn });
            onChanged();
          });
        }}
      >
        {isOn ? w.codeSwitchOff : w.codeSwitchOn}
      </button>
      {error !== null && <Trouble error={error} />}
    </>
  );
}

function Links({ path, codes, onChanged }: ListProps) {
  const w = cw.value;
  return (
    <Table
      caption={w.links}
      heads={[w.description, w.amount, w.linkUntil, w.state, w.codeReceived, w.linkCopy]}
      rows={codes.map((code) => ({
        key: code.codeId,
        cells: [
          code.description,
          priceText(code),
          code.expiresAt === null ? '–' : <When key="until" at={code.expiresAt} />,
          <LinkState key="state" path={path} code={code} onChanged={onChanged} />,
          <Received key="received" code={code} />,
          <Copy key="copy" url={code.url} />,
        ],
      }))}
    />
  );
}

const TONES = { open: 'person', paid: 'good', expired: 'calm', withdrawn: 'calm' } as const;
const MARKS = { open: '●', paid: '✓', expired: '○', withdrawn: '○' } as const;

function LinkState(props: { path: string; code: CounterCodeSummary; onChanged: () => void }) {
  const { path, code, onChanged } = props;
  const w = cw.value;
  const [isAsked, setAsked] = useState(false);
  const [underWay, setUnderWay] = useState(0);
  // The list is not asked for anew then: what is said about the payments under way would be gone.
  const state = underWay > 0 ? 'withdrawn' : code.state;
  return (
    <>
      <span class={`state ${TONES[state]}`}>
        <span aria-hidden="true">{MARKS[state]} </span>
        {codeWord('link', state)}
      </span>{' '}
      {state === 'open' && (
        <button
          type="button"
          class="quiet"
          onClick={() => {
            setAsked(true);
          }}
        >
          {w.linkWithdraw}
        </button>
      )}
      {underWay > 0 && (
        <span role="status" class="person">
          ● {w.codeUnderWay.replace('{count}', String(underWay))}
        </span>
      )}
      {isAsked && (
        <Confirm
          title={w.linkWithdrawTitle.replace('{name}', code.description)}
          consequence={w.linkWithdrawSure}
          action={w.linkWithdrawDo}
          onConfirm={async () => {
            const url = `${path}/${code.codeId}/switch`;
            const said = await change<SwitchedCounterCode>(url, { on: false });
            setUnderWay(said.underWay);
            if (said.underWay === 0) onChanged();
          }}
          onClose={() => {
            setAsked(false);
          }}
        />
      )}
    </>
  );
}

function Copy({ url }: { url: string }) {
  const w = cw.value;
  const [isCopied, setCopied] = useState(false);
  return (
    <>
      <button
        type="button"
        class="quiet"
        title={url}
        onClick={() => {
          void navigator.clipboard.writeText(url).then(() => {
            setCopied(true);
          });
        }}
      >
        {w.linkCopy}
      </button>{' '}
      <span role="status" class="good">
        {isCopied ? `✓ ${w.linkCopied}` : ''}
      </span>
    </>
  );
}
