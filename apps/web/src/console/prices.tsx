import type { PriceList, PriceLists, PriceVersion } from '@stuiver/console-api';
import { useState } from 'preact/hooks';
import { Link } from '../parts/link.js';
import { useTitle } from '../parts/use-title.js';
import { change, me } from './api.js';
import { Confirm } from './confirm.js';
import { amsterdamText, Facts, Shown, Table } from './parts.js';
import { ProposePrices } from './price-form.js';
import { Terms } from './price-parts.js';
import { pw } from './price-words.js';
import { SettlementTermsPart } from './settlement-terms.js';
import { useAsked } from './use-asked.js';
import { cw } from './words.js';

const PRICES = '/console/prices';

/** All price lists, and what waits for a second person. */
export function PricesPage() {
  const p = pw.value;
  useTitle(p.prices);
  const asked = useAsked<PriceLists>(PRICES);
  return (
    <>
      <h1>{p.prices}</h1>
      <p>{p.pricesHint}</p>
      <p>
        <Link to="/finance/prices/standard">{p.standard}</Link>
      </p>
      <Shown asked={asked}>
        {({ merchants, proposed }) => (
          <>
            <h2>{p.toDecide}</h2>
            {proposed.length === 0 && <p class="soft empty">{p.noProposals}</p>}
            {proposed.map((version) => (
              <Version key={version.versionId} version={version} onChanged={asked.again} />
            ))}
            <h2>{p.merchants}</h2>
            <Table
              caption={p.merchants}
              heads={[cw.value.merchant, p.list]}
              rows={merchants.map(({ mchid, name, hasOwnList }) => ({
                key: mchid,
                cells: [
                  <Link key="to" to={`/finance/prices/${mchid}`}>
                    {name}
                  </Link>,
                  hasOwnList ? p.own : p.asStandard,
                ],
              }))}
            />
          </>
        )}
      </Shown>
    </>
  );
}

/** One list: its versions, newest first, and the way to propose the next. */
export function PriceListPage({ list }: { list: string }) {
  const p = pw.value;
  const title = titleOf(list);
  useTitle(title);
  const asked = useAsked<PriceList>(`${PRICES}/${list}`);
  return (
    <>
      <p>
        <Link back to="/finance/prices">
          {p.prices}
        </Link>
      </p>
      <h1>{title}</h1>
      <Shown asked={asked}>
        {({ versions, inForce }) => (
          <>
            <ProposePrices list={list} like={versions[0] ?? null} onProposed={asked.again} />
            <h2>{p.versions}</h2>
            {versions.length === 0 && <p class="soft empty">{p.noVersions}</p>}
            {versions.map((version) => (
              <Version
                key={version.versionId}
                version={version}
                isNow={version.versionId === inForce}
                onChanged={asked.again}
              />
            ))}
          </>
        )}
      </Shown>
      {list !== 'standard' && <SettlementTermsPart key={list} mchid={list} />}
    </>
  );
}

function titleOf(list: string): string {
  return list === 'standard' ? pw.value.standard : pw.value.ofMerchant.replace('{name}', list);
}

function Version(props: { version: PriceVersion; isNow?: boolean; onChanged: () => void }) {
  const { version, isNow = false, onChanged } = props;
  const p = pw.value;
  const begins = amsterdamText(version.validFrom);
  return (
    <section>
      <h3>
        {titleOf(version.list)}: {begins}
      </h3>
      <Facts
        facts={[
          [cw.value.state, isNow ? p.validNow : p[version.state]],
          [cw.value.maker, version.maker],
          [cw.value.checker, version.checker ?? '–'],
        ]}
      />
      <Terms caption={begins} terms={version} />
      {version.state === 'proposed' && <Decide version={version} onChanged={onChanged} />}
    </section>
  );
}

/** Another person of finance agrees; whoever may propose may reject. */
function Decide({ version, onChanged }: { version: PriceVersion; onChanged: () => void }) {
  const p = pw.value;
  const [asks, setAsks] = useState<'approve' | 'reject' | null>(null);
  const mayApprove = me.value?.roles.includes('finance') === true && !version.isMine;
  const day = amsterdamText(version.validFrom);
  return (
    <div class="acts">
      {mayApprove && (
        <button
          type="button"
          class="primary"
          onClick={() => {
            setAsks('approve');
          }}
        >
          {p.approve}
        </button>
      )}
      <button
        type="button"
        class="quiet"
        onClick={() => {
          setAsks('reject');
        }}
      >
        {p.reject}
      </button>
      {version.isMine && <p class="person">{p.mineToo}</p>}
      {asks !== null && (
        <Confirm
          title={`${p[asks]}: ${titleOf(version.list)}`}
          consequence={asks === 'approve' ? p.approveSure.replace('{day}', day) : p.rejectSure}
          action={p[asks]}
          onConfirm={async () => {
            await change(`${PRICES}/versions/${version.versionId}/${asks}`, {});
            onChanged();
          }}
          onClose={() => {
            setAsks(null);
          }}
        />
      )}
    </div>
  );
}
