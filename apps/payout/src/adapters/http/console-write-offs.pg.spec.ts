import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AuditRecord, BankLine, FinanceToday, Page, WriteOff } from '@stuiver/console-api';
import { errorCode } from '@stuiver/errors';
import { Bank } from '../../testing/bank.js';
import { ConsoleApp, type Who } from '../../testing/console-app.js';

const NOTE = 'The bank’s price list says so.';
type Answer = WriteOff & { facts?: { why?: string } };

describe('a bank line that is nobody’s', () => {
  let desk: ConsoleApp;
  let fee: BankLine;
  let interest: BankLine;
  let stray: BankLine;
  let other: BankLine;

  beforeAll(async () => {
    desk = await ConsoleApp.start();
    const bank = new Bank();
    const file = bank.day('2026-11-20', [
      { amount: -250n, remittance: 'Kosten zakelijk pakket' },
      { amount: 3n, remittance: 'Rente' },
      { amount: 1_000n, remittance: 'Van iemand' },
      { amount: -7n, remittance: 'Onbekend' },
    ]);
    await desk.anna('POST', 'finance/statements', file.toString());
    await settled();
    const { body } = await desk.anna<Page<BankLine>>('GET', 'finance/bank-lines?state=open');
    const of = (minor: string): BankLine => {
      const line = body.items.find(({ amountMinor }) => amountMinor === minor);
      if (line === undefined) throw new Error(`no line of ${minor}`);
      return line;
    };
    [fee, interest, stray, other] = [of('-250'), of('3'), of('1000'), of('-7')];
  }, 60_000);
  afterAll(() => desk.close());

  const settled = (): Promise<void> => desk.world.parts.recon.reconcile.run();
  const ask = (who: Who, { bankLineId }: BankLine, body: object) => {
    // Ids sort by age, and this clock stands still.
    desk.world.clock.advance(1);
    return who<Answer>('POST', `finance/bank-lines/${bankLineId}/write-off`, body);
  };
  const decide = (who: Who, { writeOffId }: WriteOff, verb: string, body: object = {}) =>
    who<Answer>('POST', `finance/write-offs/${writeOffId}/${verb}`, body);
  const ofLine = async ({ bankLineId }: BankLine, who: Who = desk.bram): Promise<WriteOff> => {
    const path = `finance/bank-lines/${bankLineId}/write-offs`;
    const { body } = await who<{ writeOffs: WriteOff[] }>('GET', path);
    const [latest] = body.writeOffs;
    if (latest === undefined) throw new Error('nobody asked');
    return latest;
  };
  const balances = () =>
    ['bank:main', 'suspense:bank-line', 'loss:bank-fee', 'loss:interest'].map((account) =>
      desk.world.ledger.balance(account),
    );

  it('is asked to be written off by finance, with what it is and how they know', async () => {
    const asked = { reason: 'bank-fee', note: NOTE };
    expect((await ask(desk.olga, fee, asked)).status).toBe(403);
    expect((await ask(desk.mira, fee, asked)).status).toBe(403);
    for (const wrong of [{ reason: 'fun' }, { note: ' ' }, { note: '' }]) {
      expect((await ask(desk.anna, fee, { ...asked, ...wrong })).status).toBe(400);
    }
    const nobodys = { ...fee, bankLineId: `bln_${'0'.repeat(26)}` };
    expect((await ask(desk.anna, nobodys, asked)).status).toBe(404);
    expect((await ask(desk.anna, fee, asked)).body).toMatchObject({
      ...{ state: 'asked', amountMinor: '-250', askedBy: 'Anna', mayApprove: false, note: NOTE },
    });
    const again = await ask(desk.bram, fee, asked);
    expect([again.status, again.body.facts?.why]).toEqual([409, 'write-off-asked-already']);
    expect(balances()).toEqual([746n, 746n, 0n, 0n]);
  });

  it('waits for another person, on the page of what is to approve', async () => {
    const { body } = await desk.bram<Page<WriteOff>>('GET', 'finance/write-offs');
    expect(body.items).toMatchObject([{ bankLineId: fee.bankLineId, mayApprove: true }]);
    const { detailsSha256 } = await ofLine(fee);
    const own = await decide(desk.anna, await ofLine(fee), 'approve', { detailsSha256 });
    expect([own.status, own.body.facts?.why]).toEqual([403, 'asker-may-not-write-off']);
    const other = { detailsSha256: 'a'.repeat(64) };
    expect((await decide(desk.bram, await ofLine(fee), 'approve', other)).status).toBe(400);
  });

  it('is booked on the account of its reason, once, and is no exception any more', async () => {
    const writeOff = await ofLine(fee);
    const { detailsSha256 } = writeOff;
    for (const who of [desk.bram, desk.bram, desk.chloe]) {
      expect((await decide(who, writeOff, 'approve', { detailsSha256 })).status).toBe(200);
    }
    await settled();
    await settled();
    expect(balances()).toEqual([746n, 996n, 250n, 0n]);
    const { body } = await desk.anna<BankLine>('GET', `finance/bank-lines/${fee.bankLineId}`);
    expect(body).toMatchObject({ matchState: 'matched', rule: 'written-off v1' });
    const { explained } = await desk.world.parts.recon.tieOut.run();
    expect(explained).toBe(true);
    const { body: today } = await desk.anna<FinanceToday>('GET', 'finance/today');
    expect(today.openItems).toContainEqual({ kind: 'bank-line-without-match', count: 3 });
    const { body: trail } = await desk.anna<Page<AuditRecord>>('GET', 'finance/audit');
    expect(trail.items.slice(0, 2).map(({ act }) => act)).toEqual([
      ...['write-off-approved', 'write-off-asked'],
    ]);
    const undo = { reason: 'a mistake' };
    const stays = await desk.bram<Answer>(
      ...(['POST', `finance/bank-lines/${fee.bankLineId}/unmatch`, undo] as const),
    );
    expect([stays.status, stays.body.facts?.why]).toEqual([409, 'written-off-stays']);
  });

  it('that came in lowers what the reason cost, also when the process dies in between', async () => {
    await ask(desk.bram, interest, { reason: 'interest', note: NOTE });
    const writeOff = await ofLine(interest, desk.anna);
    desk.world.crash.at = 'payout.line-written-off';
    const { detailsSha256 } = writeOff;
    expect((await decide(desk.anna, writeOff, 'approve', { detailsSha256 })).status).toBe(500);
    await settled();
    expect(balances()).toEqual([746n, 993n, 250n, -3n]);
  });

  it('is refused or taken back, and may be asked for again', async () => {
    await ask(desk.anna, stray, { reason: 'unidentified', note: 'Nobody answers.' });
    const first = await ofLine(stray);
    expect((await decide(desk.bram, first, 'refuse')).body).toMatchObject({
      ...{ state: 'refused', decidedBy: 'Bram' },
    });
    const { detailsSha256 } = first;
    const late = await decide(desk.chloe, first, 'approve', { detailsSha256 });
    expect([late.status, late.body.facts?.why]).toEqual([409, 'write-off-over']);
    await ask(desk.anna, stray, { reason: 'tolerance', note: 'Still nobody.' });
    expect((await decide(desk.anna, await ofLine(stray), 'withdraw')).body.state).toBe('withdrawn');
    await settled();
    expect(balances()).toEqual([746n, 993n, 250n, -3n]);
    expect((await ask(desk.anna, fee, { reason: 'bank-fee', note: NOTE })).status).toBe(409);
  });

  it('may be the operator’s own money, which makes up for what fees took', async () => {
    await ask(desk.anna, stray, { reason: 'own-funds', note: 'Our transfer of Friday.' });
    const writeOff = await ofLine(stray);
    const { detailsSha256 } = writeOff;
    expect((await decide(desk.bram, writeOff, 'approve', { detailsSha256 })).status).toBe(200);
    await settled();
    expect(balances()).toEqual([746n, -7n, 250n, -3n]);
    expect(desk.world.ledger.balance('equity:operator')).toBe(1_000n);
  });

  it('is written off by nobody else, as the database has it', async () => {
    const say = (sql: string, parameters: unknown[]): Promise<unknown> =>
      desk.world.database.query(sql, parameters).then(() => 'done', errorCode);
    const { bankLineId } = other;
    const match = `insert into payout.bank_match (bank_line_id, rule, rule_version, explanation, taken_back, matched_at)
      values ($1, 'written-off', 1, 'because', false, now())`;
    expect(await say(match, [bankLineId])).toBe('PO008');
    const command = `insert into payout.recorded_command (command_id, content, bank_line_id, bank_minor, transit_minor,
      recorded_at) values (gen_random_uuid(), $2, $1, 0, 0, now())`;
    const content = {
      ...{ kind: 'bank-line-written-off', reason: 'bank-fee', direction: 'out' },
      ...{ amountMinor: '250', currency: 'EUR' },
    };
    expect(await say(command, [bankLineId, content])).toBe('PO008');
    expect(await say(command, [fee.bankLineId, { ...content, amountMinor: '251' }])).toBe('PO008');
    await ask(desk.anna, other, { reason: 'bad-debt', note: NOTE });
    const { writeOffId } = await ofLine(other);
    const approve = `update payout.write_off set state = 'approved', approved_by = 'Zoë', approved_at = now() where id = $1`;
    expect(await say(approve, [writeOffId])).toBe('PO008');
    expect(await say(`update payout.write_off set note = 'x' where id = $1`, [writeOffId])).toBe(
      '42501',
    );
    expect(await say('delete from payout.write_off where id = $1', [writeOffId])).toBe('42501');
  });
});
