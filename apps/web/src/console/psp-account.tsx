import type { PspAccountAnswer, PspAccountLink } from '@stuiver/console-api';
import { useTitle } from '../parts/use-title.js';
import { change } from './api.js';
import { Facts, Shown, Trouble } from './parts.js';
import { useAct } from './use-act.js';
import { useAsked } from './use-asked.js';
import { cw } from './words.js';

/** Whether the PSP pays the merchant, and the way to its page while it does not. */
export function PspAccountPage({ mchid }: { mchid: string }) {
  const w = cw.value;
  useTitle(w.beingPaid);
  const path = `/console/merchants/${mchid}/psp-account`;
  const asked = useAsked<PspAccountAnswer>(path);
  return (
    <>
      <h1>{w.beingPaid}</h1>
      <Shown asked={asked}>
        {({ account }) =>
          account === null ? <p>{w.paidByHost}</p> : <Account path={path} account={account} />
        }
      </Shown>
    </>
  );
}

function Account(props: { path: string; account: NonNullable<PspAccountAnswer['account']> }) {
  const { account, path } = props;
  const w = cw.value;
  const { busy, error, act } = useAct();
  const isDone = account.isPaidOut && account.missing.length === 0;
  return (
    <>
      <p class={isDone ? 'good' : 'bad'}>
        <span aria-hidden="true">{isDone ? '✓ ' : '! '}</span>
        {isDone ? w.paidByPsp : w.pspAsks}
      </p>
      <Facts
        facts={[
          [w.takesPayments, account.takesPayments ? w.yes : w.no],
          [w.isPaidOut, account.isPaidOut ? w.yes : w.no],
        ]}
      />
      <p>
        <button
          type="button"
          disabled={busy}
          onClick={() => {
            act(async () => {
              const { url } = await change<PspAccountLink>(`${path}/links`, {});
              globalThis.location.assign(url);
            });
          }}
        >
          {isDone ? w.changeAtPsp : w.finishAtPsp}
        </button>
      </p>
      <Trouble error={error} />
    </>
  );
}
