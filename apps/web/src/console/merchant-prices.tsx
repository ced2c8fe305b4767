import type { MerchantPrices } from '@stuiver/console-api';
import { useTitle } from '../parts/use-title.js';
import { MerchantInvoices } from './fee-invoices.js';
import { amsterdamText, Shown } from './parts.js';
import { Terms } from './price-parts.js';
import { pw } from './price-words.js';
import { useAsked } from './use-asked.js';

/** What a merchant pays now, and what is agreed for later. */
export function MerchantPricesPage({ mchid }: { mchid: string }) {
  const p = pw.value;
  useTitle(p.yourPrices);
  const asked = useAsked<MerchantPrices>(`/console/merchants/${mchid}/prices`);
  return (
    <>
      <h1>{p.yourPrices}</h1>
      <Shown asked={asked}>
        {(prices) => (
          <>
            <NowAndLater prices={prices} />
            <h2>{p.invoices}</h2>
            <MerchantInvoices mchid={mchid} />
          </>
        )}
      </Shown>
    </>
  );
}

function NowAndLater({ prices: { now, coming } }: { prices: MerchantPrices }) {
  const p = pw.value;
  return (
    <>
      <p>
        {p.validNow}
        {'. '}
        {now.validFrom === null ? p.sinceStart : `${p.validFrom} ${amsterdamText(now.validFrom)}`}
        {'.'}
      </p>
      <Terms caption={p.validNow} terms={now} />
      <h2>{p.coming}</h2>
      {coming.length === 0 && <p class="soft empty">{p.nothingComing}</p>}
      {coming.map((terms) => (
        <section key={terms.validFrom}>
          <h3>
            {p.validFrom} {amsterdamText(terms.validFrom)}
          </h3>
          <Terms caption={amsterdamText(terms.validFrom)} terms={terms} />
        </section>
      ))}
    </>
  );
}
