import { destinationOf } from './accounts.js';
import { balanceOf, readBalance } from './balance.js';
import { bookCredit } from './bank/entries.js';
import { addDays, type Day, dayOf, endOf, isBusinessDay, startOf } from './calendar.js';
import { lockBalance, openPayout } from './payouts.js';
import type { Doc, Objects } from './store.js';

/** What the PSP does at the end of a day: it pays out, sends what was asked for, and what it sent arrives. */
export async function endPspDay(objects: Objects, day: Day): Promise<void> {
  const accounts = await objects.select(`object = 'account' order by seq`, []);
  await endDayOf(objects, day);
  for (const { id } of accounts) await endDayOf(objects.as(id), day);
}

/** The same for the platform and for each connected account. */
async function endDayOf(objects: Objects, day: Day): Promise<void> {
  if (isBusinessDay(day)) {
    await payOutAll(objects);
    await sendPayouts(objects, day);
    await deliverPayouts(objects, day);
  }
  await tellAvailable(objects, addDays(day, 1));
}

/** What is available and was in no automatic payout yet: its nets are exactly the available balance. */
async function payOutAll(objects: Objects): Promise<void> {
  const destination = await destinationOf(objects);
  if (destination?.schedule !== 'daily') return;
  await lockBalance(objects);
  const { available } = await balanceOf(objects);
  if (available <= 0) return;
  const fields = {
    description: 'STRIPE PAYOUT',
    metadata: {},
    method: 'standard',
    source_type: 'card',
    statement_descriptor: null,
  };
  const payout = await openPayout(objects, {
    ...{ amount: available, automatic: true, destination, fields },
  });
  await objects.client.query(
    `insert into paid_out (transaction, payout)
     select id, $1 from object
     where object = 'balance_transaction' and (doc->>'available_on')::bigint <= $2
       and account is not distinct from $3
       and not exists (select from paid_out where transaction = object.id)`,
    [payout.id, objects.created, objects.account],
  );
}

async function sendPayouts(objects: Objects, day: Day): Promise<void> {
  for (const payout of await payoutsIn(objects, 'pending', `hidden->>'sentOn' <= $2`, day)) {
    const sent = { ...payout, status: 'in_transit' };
    await objects.save(sent);
    await objects.tell('payout.updated', sent);
  }
}

async function deliverPayouts(objects: Objects, day: Day): Promise<void> {
  const due = await payoutsIn(objects, 'in_transit', `hidden->>'arrivesOn' <= $2`, day);
  for (const payout of due) {
    const bankReference = await creditOf(objects, payout, day);
    const paid = {
      ...payout,
      status: 'paid',
      trace_id: { status: 'supported', value: bankReference ?? payout.id },
      reconciliation_status: payout['automatic'] === true ? 'completed' : 'not_applicable',
    };
    await objects.save(paid);
    await objects.tell('payout.paid', paid);
    if (payout['automatic'] === true) {
      await objects.tell('payout.reconciliation_completed', paid);
    }
  }
}

function payoutsIn(
  objects: Objects,
  status: string,
  condition: string,
  day: Day,
): Promise<readonly Doc[]> {
  return objects.select(
    `object = 'payout' and doc->>'status' = $1 and ${condition} order by seq for update`,
    [status, day],
  );
}

/** Our account at the bank, if it is at this one. */
async function creditOf(objects: Objects, payout: Doc, day: Day): Promise<string | undefined> {
  return bookCredit(objects.client, {
    iban: await ibanOf(objects, payout),
    day,
    amountMinor: BigInt(Number(payout['amount'])),
    from: 'Stripe Technology Europe Ltd',
    endToEndId: payout.id,
    remittance: `STRIPE ${payout.id}`,
  });
}

/** A paid payout that fails afterwards: the bank takes it from our account again. */
export async function takeBack(objects: Objects, payout: Doc): Promise<void> {
  const { rows } = await objects.client.query<{ open_day: Day }>(
    'select open_day from sandbox_clock for share',
  );
  await bookCredit(objects.client, {
    iban: await ibanOf(objects, payout),
    day: rows[0]?.open_day ?? dayOf(objects.clock.now()),
    amountMinor: -BigInt(Number(payout['amount'])),
    from: 'Stripe Technology Europe Ltd',
    endToEndId: payout.id,
    remittance: `STRIPE ${payout.id}`,
    returnReason: 'FOCR',
  });
}

/** Where it was sent, whatever the account's bank is today. */
async function ibanOf(objects: Objects, payout: Doc): Promise<string> {
  const { hidden } = await objects.lock('payout', payout.id);
  const { iban } = hidden as { readonly iban?: string };
  return iban ?? objects.terms.external_account ?? '';
}

async function tellAvailable(objects: Objects, day: Day): Promise<void> {
  const [since, until] = [startOf(day), endOf(day)].map((at) => Math.floor(at.getTime() / 1_000));
  const { rowCount } = await objects.client.query(
    `select 1 from object where object = 'balance_transaction'
       and (doc->>'available_on')::bigint between $1 and $2
       and (doc->>'created')::bigint < $1 and account is not distinct from $3 limit 1`,
    [since, until, objects.account],
  );
  if (rowCount === 0) return;
  const morning = objects.at(startOf(day));
  await morning.tell('balance.available', await readBalance(morning));
}
