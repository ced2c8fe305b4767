import type { PayeeChangeDetail, PayeeCheckAnswer } from '@stuiver/console-api';
import { useState } from 'preact/hooks';
import { Link } from '../parts/link.js';
import { useTitle } from '../parts/use-title.js';
import { change, me } from './api.js';
import { codeWord } from './code-words.js';
import { Confirm } from './confirm.js';
import { amsterdamText, Facts, Shown, When } from './parts.js';
import { State } from './states.js';
import { PAYEE_CHANGES } from './to-approve.js';
import { useAsked } from './use-asked.js';
import { cw } from './words.js';

const CHECKS: readonly PayeeCheckAnswer[] = ['RCVC', 'RVMC', 'RVNA'];

/** One merchant's other account: what it was, what it becomes, who said so. */
export function PayeeChangePage({ id }: { id: string }) {
  const w = cw.value;
  useTitle(w.accountChange);
  const asked = useAsked<PayeeChangeDetail>(`${PAYEE_CHANGES}/${id}`);
  return (
    <>
      <p>
        <Link back to="/finance/approve">
          {w.back}
        </Link>
      </p>
      <h1>{w.accountChange}</h1>
      <Shown asked={asked}>{(detail) => <Change detail={detail} onChanged={asked.again} />}</Shown>
    </>
  );
}

function Change({ detail, onChanged }: { detail: PayeeChangeDetail; onChanged: () => void }) {
  const w = cw.value;
  const { present, past } = detail;
  const isOpen = detail.state === 'asked' || detail.state === 'approved';
  return (
    <>
      <WhoAndWhen detail={detail} />
      <Facts
        facts={[
          ...(isOpen && present !== null
            ? ([[w.accountNow, `${present.name}, ${inFours(present.iban)}`]] as const)
            : []),
          [w.accountWanted, <Wanted key="wanted" detail={detail} isOpen={isOpen} />],
        ]}
      />
      {isOpen && <p class="soft">{w.nobodyIsPaid}</p>}
      {isOpen && <Decide detail={detail} onChanged={onChanged} />}
      {past.length > 0 && (
        <>
          <h2>{w.accountsBefore}</h2>
          <ul class="plain">
            {past.map(({ ibanLast4, until }) => (
              <li key={until}>
                •••• {ibanLast4}, {w.to} <When at={until} />
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

function WhoAndWhen({ detail }: { detail: PayeeChangeDetail }) {
  const w = cw.value;
  const { useFrom, payeeCheck, approvedBy } = detail;
  return (
    <Facts
      facts={[
        [w.merchant, detail.merchantId],
        [w.state, <State key="state" of="payeeChange" code={detail.state} />],
        [w.askedBy, detail.askedBy],
        [w.checker, approvedBy ?? '–'],
        [w.payeeCheck, payeeCheck === null ? '–' : codeWord('payeeCheck', payeeCheck)],
        [w.usedFrom, useFrom === null ? '–' : amsterdamText(useFrom)],
      ]}
    />
  );
}

/** What differs from now, marked and in words. */
function Wanted({ detail, isOpen }: { detail: PayeeChangeDetail; isOpen: boolean }) {
  const w = cw.value;
  const { present, wanted } = detail;
  const text = `${wanted.name}, ${inFours(wanted.iban)}`;
  if (!isOpen || present === null) return <>{text}</>;
  const isOther = wanted.iban !== present.iban;
  return (
    <span class="bad">
      <span aria-hidden="true">! </span>
      {text} ({isOther ? w.otherIban : w.otherName})
    </span>
  );
}

/** As a bank prints it. */
function inFours(iban: string): string {
  return (iban.match(/.{1,4}/g) ?? []).join(' ');
}

function Decide({ detail, onChanged }: { detail: PayeeChangeDetail; onChanged: () => void }) {
  const w = cw.value;
  const [asks, setAsks] = useState<'approve' | 'refuse' | 'withdraw' | null>(null);
  const path = `${PAYEE_CHANGES}/${detail.payeeChangeId}`;
  const then = (verb: string) => async () => {
    await change(`${path}/${verb}`, {});
    onChanged();
  };
  const close = (): void => {
    setAsks(null);
  };
  const button = (verb: 'approve' | 'refuse' | 'withdraw', text: string, kind: string) => (
    <button
      type="button"
      class={kind}
      onClick={() => {
        setAsks(verb);
      }}
    >
      {text}
    </button>
  );
  if (me.value?.roles.includes('finance') !== true) return null;
  return (
    <div class="acts">
      {detail.state === 'asked' && button('approve', w.approveAccount, 'primary')}
      {button('refuse', w.refuseAccount, 'quiet')}
      {button('withdraw', w.withdrawAccount, 'quiet')}
      {detail.state === 'asked' && !detail.mayApprove && <p class="person">{w.askerMayNot}</p>}
      {asks === 'approve' && <Approve detail={detail} onChanged={onChanged} onClose={close} />}
      {asks === 'refuse' && (
        <Confirm
          title={w.refuseAccount}
          consequence={w.endAccountSure}
          action={w.refuseAccount}
          onConfirm={then('refuse')}
          onClose={close}
        />
      )}
      {asks === 'withdraw' && (
        <Confirm
          title={w.withdrawAccount}
          consequence={w.endAccountSure}
          action={w.withdrawAccount}
          onConfirm={then('withdraw')}
          onClose={close}
        />
      )}
    </div>
  );
}

function Approve(props: { detail: PayeeChangeDetail; onChanged: () => void; onClose: () => void }) {
  const w = cw.value;
  const { detail, onChanged, onClose } = props;
  const { payeeChangeId, detailsSha256, wanted, merchantId } = detail;
  const [payeeCheck, setPayeeCheck] = useState<PayeeCheckAnswer>('RVNA');
  return (
    <Confirm
      title={w.approveAccount}
      consequence={w.approveAccountSure
        .replace('{iban}', inFours(wanted.iban))
        .replace('{name}', wanted.name)
        .replace('{merchant}', merchantId)}
      action={w.approveAccount}
      onConfirm={async () => {
        await change(`${PAYEE_CHANGES}/${payeeChangeId}/approve`, { detailsSha256, payeeCheck });
        onChanged();
      }}
      onClose={onClose}
    >
      <label class="field">
        {w.bankSaysOfName}
        <select
          value={payeeCheck}
          onChange={({ currentTarget: { value } }) => {
            setPayeeCheck(CHECKS.find((each) => each === value) ?? 'RVNA');
          }}
        >
          {CHECKS.map((code) => (
            <option key={code} value={code}>
              {code}: {codeWord('payeeCheck', code)}
            </option>
          ))}
        </select>
      </label>
    </Confirm>
  );
}
