import { MiniProgramFrame } from '@stuiver/host';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Link } from '../parts/link.js';
import { paySheet } from '../parts/sheet.js';
import { useLoaded } from '../parts/use-loaded.js';
import { api, place, session, words } from '../state.js';

interface ProgramFacts {
  readonly appid: string;
  readonly name: string;
  readonly frame_url: string;
}

/** A mini-program, full screen under a thin bar that says whose it is. */
export function Program({ appid }: { appid: string }) {
  const w = words.value;
  const holder = useRef<HTMLDivElement>(null);
  const [offer, setOffer] = useState(false);
  const facts = useLoaded(
    () => api.get(`/wallet/mini-programs/${appid}`) as Promise<ProgramFacts>,
    [appid],
  );
  const program = facts.state === 'there' ? facts.value : undefined;
  const signedIn = session.value !== undefined;

  useEffect(() => {
    if (program === undefined || !signedIn || holder.current === null) return undefined;
    const frame = new MiniProgramFrame();
    frame.api = api;
    frame.sheet = paySheet();
    holder.current.replaceChildren(frame);
    const { searchParams } = new URL(place.value, location.origin);
    frame.open({
      appid,
      frameUrl: program.frame_url,
      title: program.name,
      path: searchParams.get('path') ?? '',
      query: Object.fromEntries(searchParams),
      scene: searchParams.get('scene') ?? 'link',
    });
    frame.addEventListener('stuiver-paid', () => {
      setOffer(true);
    });
    return () => {
      frame.remove();
    };
  }, [program?.frame_url, signedIn]);

  return (
    <div class="program">
      <header class="bar">
        <Link to="/">
          <span aria-hidden="true">←</span> {w.back}
        </Link>
        <h1>{program?.name ?? (facts.state === 'failed' ? w.programNotThere : w.loading)}</h1>
      </header>
      {offer && session.value?.user.guest === true && (
        <p class="offer">
          {w.guestHint} <Link to="/settings">{w.keep}</Link>
        </p>
      )}
      <div class="frame" ref={holder} />
    </div>
  );
}
