import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { paymentCommand } from '@stuiver/contracts';
import { Refusal } from '@stuiver/errors';
import { Bank } from '../testing/bank.js';
import { ANNA, ONE, PayoutWorld, TWO } from '../testing/payout-world.js';
import type { KeptAnswer } from './import-bank-answer.js';

let world: PayoutWorld;
let payments = 0;
beforeEach(async () => {
  world = await PayoutWorld.open();
});
afterEach(() => world.close());

interface Paid {
  readonly id: string;
  readonly endToEndId: string;
  readonly batchId: string;
}

async function pay(merchantId: string, amount: bigint): Promise<void> {
  payments += 1;
  const attemptId = `att_${String(payments).padStart(26, '0')}`;
  const funds = { kind: 'wallet', userId: 'usr_1' } as const;
  await world.ledger.submit(
    paymentCommand({
      ...{ orderId: 'ord_1', attemptId, merchantId, funds, method: 'wallet' },
      ...{ amountMinor: amount.toString(), feeMinor: '100', currency: 'EUR', pspReference: null },
      succeededAt: world.clock.now().toISOString(),
    }),
  );
}

/** Both merchants are paid out in one file, and the bank has it. */
async function inOneFile(): Promise<{ one: Paid; two: Paid }> {
  await pay(ONE, 10_100n);
  await pay(TWO, 4_100n);
  const paid = await world.payOut();
  return { one: paid(ONE), two: paid(TWO) };
}

function answerTo({ batchId }: Paid, said: readonly (readonly [Paid, string, string?])[]): Buffer {
  const each = said.map(
    ([{ endToEndId }, status, code]) =>
      `<TxInfAndSts><OrgnlEndToEndId>${endToEndId}</OrgnlEndToEndId><TxSts>${status}</TxSts>${reason(code)}</TxInfAndSts>`,
  );
  return message(
    batchId,
    '',
    `<OrgnlPmtInfAndSts><OrgnlPmtInfId>1</OrgnlPmtInfId>${each.join('')}</OrgnlPmtInfAndSts>`,
  );
}

function message(batchId: string, group: string, blocks = ''): Buffer {
  return Buffer.from(`<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt>
    <GrpHdr><MsgId>S-1</MsgId><CreDtTm>2026-11-24T09:00:00Z</CreDtTm></GrpHdr>
    <OrgnlGrpInfAndSts><OrgnlMsgId>${batchId.replace('_', '-')}</OrgnlMsgId>
      <OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>${group}</OrgnlGrpInfAndSts>
    ${blocks}</CstmrPmtStsRpt></Document>`);
}

function reason(code?: string): string {
  return code === undefined ? '' : `<StsRsnInf><Rsn><Cd>${code}</Cd></Rsn></StsRsnInf>`;
}

function imported(content: Buffer): Promise<{ answers: readonly KeptAnswer[]; repeated: boolean }> {
  return world.parts.recon.importAnswer.run({ content, by: ANNA });
}

async function states(): Promise<Record<string, string>> {
  const rows = await world.database.query<{ id: string; state: string }>(
    'select id, state from payout.payout order by id',
  );
  return Object.fromEntries(rows.map(({ id, state }) => [id, state]));
}

describe('the bank’s answer to a payment file', () => {
  it('gives back what it rejects, at once and once, and keeps what it takes', async () => {
    const { one, two } = await inOneFile();
    const file = answerTo(one, [
      [one, 'ACSP'],
      [two, 'RJCT', 'AC04'],
    ]);
    expect(await imported(file)).toMatchObject({ repeated: false });
    expect(await imported(file)).toMatchObject({ repeated: true });
    expect(await states()).toEqual({ [one.id]: 'exported', [two.id]: 'rejected' });
    await world.parts.recon.reconcile.run();
    expect(await world.openItems()).toMatchObject({ 'payout-rejected': [`payout:${two.id}`] });
    expect(world.ledger.posted.filter(({ kind }) => kind === 'payout-return')).toHaveLength(1);
  });

  it('goes on where a crash left it', async () => {
    const { one, two } = await inOneFile();
    const file = answerTo(one, [[two, 'RJCT', 'AC01']]);
    world.crash.at = 'payout.bank-answer-imported';
    await expect(imported(file)).rejects.toThrow();
    world.restart();
    await world.parts.recon.reconcile.run();
    expect((await states())[two.id]).toBe('rejected');
    expect((await imported(file)).repeated).toBe(true);
  });

  it('may reject a file whole', async () => {
    const { one, two } = await inOneFile();
    await imported(message(one.batchId, `<GrpSts>RJCT</GrpSts>${reason('AM04')}`));
    expect(await states()).toEqual({ [one.id]: 'rejected', [two.id]: 'rejected' });
  });

  it('against what a statement shows is nobody’s money moved, and an open item', async () => {
    const { one } = await inOneFile();
    const bank = new Bank();
    const content = bank.day('2026-11-24', [{ amount: -10_000n, endToEndId: one.endToEndId }]);
    await world.parts.recon.importStatement.run({ content, by: ANNA });
    await world.parts.recon.reconcile.run();
    const { answers } = await imported(answerTo(one, [[one, 'RJCT', 'AC01']]));
    expect(answers[0]?.problem).toContain('paid');
    await world.parts.recon.reconcile.run();
    expect((await states())[one.id]).toBe('settled');
    expect(await world.openItems()).toMatchObject({
      'bank-answer-contradicts': [`payout:${one.id}`],
    });
  });

  it('tells whether the payee’s name fits, and moves nothing', async () => {
    const { one, two } = await inOneFile();
    await imported(
      answerTo(one, [
        [one, 'RCVC'],
        [two, 'RVNM'],
      ]),
    );
    expect(await states()).toEqual({ [one.id]: 'exported', [two.id]: 'exported' });
  });

  it.each([
    ['to no file of ours', () => message('pob_00000000000000000000000000', '')],
    [
      'about a payment of another file',
      ({ one }: { one: Paid }) =>
        answerTo(one, [[{ ...one, endToEndId: 'another' }, 'RJCT', 'AC01']]),
    ],
  ])('%s is refused, and nothing of it is kept', async (_what, make) => {
    const paid = await inOneFile();
    const refused = await imported(make(paid)).catch((error: unknown) => error);
    expect(refused instanceof Refusal && refused.code).toBe('PARAM_ERROR');
    expect(await world.database.query('select 1 from payout.bank_file')).toEqual([]);
  });
});
