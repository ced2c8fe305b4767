import type { PspAccountAnswer, PspAccountLink } from '@stuiver/console-api';
import { useLoaded } from '../parts/use-loaded.js';
import { useTitle } from '../parts/use-title.js';
import { change, read } from './api.js';
import { Facts, Shown } from './parts.js';
import { useAct } from './use-act.js';
import { cw } from './words.js';

/** Whether the PSP pays the merchant, and the way to its page while it does not. */
export function PspAccountPage({ mchid }: { mchid: string }) {
  const w = cw.value;
  useTitle(w.beingPaid);
  const path = `/console/merchants/${mchid}/psp-account`;
  const loaded = useLoaded(() => read<PspAccountAnswer>(path), [path]);
  return (
    <>
      <h1>{w.beingPaid}</h1>
      <Shown loaded={loaded}>
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
  const { busy, problem, act } = useAct();
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
      <p role="alert">{problem}</p>
    </>
  );
}
