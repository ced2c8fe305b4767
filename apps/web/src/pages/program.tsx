import { MiniProgramFrame } from '@stuiver/host';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Link } from '../parts/link.js';
import { paySheet } from '../parts/sheet.js';
import { useLoaded } from '../parts/use-loaded.js';
import { useTitle } from '../parts/use-title.js';
import { api, place, rememberProgram, session, sessionFailed, words } from '../state.js';

interface ProgramFacts {
  readonly appid: string;
  readonly name: string;
  readonly frame_url: string;
}

/** A mini-program, full screen under a thin bar that says whose it is. */
export function Program({ appid }: { appid: string }) {
  const w = words.value;
  const [offer, setOffer] = useState(false);
  const facts = useLoaded(
    () => api.get(`/wallet/mini-programs/${appid}`) as Promise<ProgramFacts>,
    [appid],
  );
  const program = facts.state === 'there' ? facts.value : undefined;
  const holder = useFrame(program, () => {
    setOffer(true);
  });
  const title = program?.name ?? (facts.state === 'failed' ? w.programNotThere : w.loading);
  useTitle(title);
  return (
    <div class="program">
      <header class="bar">
        <Link to="/">
          <span aria-hidden="true">←</span> {w.back}
        </Link>
        <h1>{title}</h1>
      </header>
      {sessionFailed.value && (
        <p class="offer" role="alert">
          {w.offline}
        </p>
      )}
      {offer && session.value?.user.guest === true && (
        <p class="offer">
          {w.guestHint} <Link to="/settings">{w.keep}</Link>
        </p>
      )}
      <main class="frame" ref={holder} />
    </div>
  );
}

/** Runs the mini-program in the element that the answer is put on, once somebody is signed in. */
function useFrame(program: ProgramFacts | undefined, onPaid: () => void) {
  const holder = useRef<HTMLElement>(null);
  const user = session.value?.user.user_id;
  useEffect(() => {
    if (program === undefined || user === undefined || holder.current === null) return undefined;
    rememberProgram(place.value);
    const frame = new MiniProgramFrame();
    frame.api = api;
    frame.sheet = paySheet();
    holder.current.replaceChildren(frame);
    const { searchParams } = new URL(place.value, location.origin);
    frame.open({
      appid: program.appid,
      frameUrl: program.frame_url,
      title: program.name,
      path: searchParams.get('path') ?? '',
      query: Object.fromEntries(searchParams),
      scene: searchParams.get('scene') ?? 'link',
    });
    frame.addEventListener('stuiver-paid', onPaid);
    return () => {
      frame.remove();
    };
  }, [program?.frame_url, user]);
  return holder;
}
