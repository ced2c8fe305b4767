import type { CounterCodeSummary } from '@stuiver/console-api';
import { Link } from '../parts/link.js';
import { useTitle } from '../parts/use-title.js';
import { euros, Shown } from './parts.js';
import { QrCode } from './qr-code.js';
import { useAsked } from './use-asked.js';
import { cw } from './words.js';

/** A printed code as it lies on the counter: an A6, with nothing else on the paper. */
export function CounterSign({ mchid, id }: { mchid: string; id: string }) {
  const w = cw.value;
  useTitle(w.codes);
  const asked = useAsked<CounterCodeSummary>(`/console/merchants/${mchid}/codes/${id}`);
  return (
    <>
      <p class="unprinted">
        <Link back to={`/merchant/${mchid}/codes`}>
          {w.codes}
        </Link>
      </p>
      <Shown asked={asked}>
        {(code) => (
          <>
            <Sign code={code} />
            <p class="acts unprinted">
              <button
                type="button"
                class="primary"
                onClick={() => {
                  globalThis.print();
                }}
              >
                {w.codePrint}
              </button>
            </p>
          </>
        )}
      </Shown>
    </>
  );
}

function Sign({ code }: { code: CounterCodeSummary }) {
  const w = cw.value;
  return (
    <article class="counter-sign">
      <h1>{code.merchantName}</h1>
      <p>{code.description}</p>
      <QrCode text={code.url} label={w.codeScan} />
      <p class="headline">{code.amountMinor === null ? w.codeChoose : euros(code.amountMinor)}</p>
      <p>{w.codeScan}</p>
    </article>
  );
}
