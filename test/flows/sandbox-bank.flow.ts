import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, type RunningStuiver, startStuiver } from '@stuiver/testing';
import { merchantClient } from '../support/merchant-client.js';

const TOTAL_MINOR = 2_500;

/** A payout, from the payer's wallet to the line on the bank's statement, by the command line alone. */
describe('a payout at the sandbox’s bank', () => {
  let stuiver: RunningStuiver;
  let file: string;
  beforeAll(async () => {
    stuiver = await startStuiver();
    await payFromWallet();
    expect(await said('payout', 'run', '--date', 'today')).toContain('batch');
    const folder = join(stuiver.dataDir, 'payouts');
    file = await eventually('the payout file is there', async () => {
      const [first] = await readdir(folder).catch(() => []);
      return first === undefined ? undefined : join(folder, first);
    });
  }, 120_000);
  afterAll(() => stuiver.dispose(), 30_000);

  async function payFromWallet(): Promise<void> {
    const merchant = await stuiver.merchant();
    const [payer] = await stuiver.payers();
    const { prepay_id } = await merchantClient(merchant).post('v3/pay/transactions/jsapi', {
      ...{ appid: merchant.appid, mchid: merchant.mchid, description: 'Koffie' },
      ...{ out_trade_no: 'bank-flow-1', notify_url: `${stuiver.cafeUrl}/notify` },
      amount: { total: TOTAL_MINOR, currency: 'EUR' },
      payer: { openid: payer?.openid },
    });
    await fetch(`${stuiver.apiUrl}/sandbox/pay`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        ...{ prepay_id, openid: payer?.openid, method: 'wallet', outcome: 'success' },
      }),
    });
  }

  async function said(...args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await stuiver.cli(...args);
    if (code !== 0) throw new Error(`stuiver ${args.join(' ')}: ${stderr}`);
    return stdout;
  }

  it('is taken once, paid on its day, and comes back with the reason that was planned', async () => {
    const xml = await readFile(file, 'utf8');
    const payment = /<EndToEndId>([^<]+)</.exec(xml)?.[1] ?? '';
    const batch = /<MsgId>([^<]+)</.exec(xml)?.[1] ?? '';
    expect(await said('bank', 'pay', file)).toContain(`accepted ${batch}: 1 payments`);
    expect(await said('bank', 'pay', file)).toContain('had it already');
    await said('bank', 'plan', payment, 'return', 'AC04', '--after', '1');
    expect(await said('bank', 'day', '14')).toMatch(/^it is \d{4}-\d\d-\d\d at the bank\n$/);
    expect(await said('bank', 'accounts')).toMatch(/NL20INGB0001234567 +0\.00/);

    const folder = join(stuiver.dataDir, 'statements');
    const files = (await said('bank', 'statements', '--to', folder)).trim().split('\n');
    const statements = await Promise.all(files.map((name) => readFile(name, 'utf8')));
    const about = statements.filter((each) => each.includes(`<EndToEndId>${payment}<`));
    expect(about).toHaveLength(2);
    expect(about[0]).toContain('<CdtDbtInd>DBIT</CdtDbtInd>');
    expect(about[1]).toContain('<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>');
    expect(await said('bank', 'statements')).toContain('no. 1 ');
  }, 120_000);

  it('that is no file, or a file the bank refuses, is told in one line', async () => {
    const nothing = await stuiver.cli('bank', 'pay', 'no-such-batch');
    expect(nothing.code).toBe(1);
    expect(nothing.stderr).toContain('neither a file nor a batch');
    const refused = await stuiver.cli('bank', 'pay', join(stuiver.dataDir, 'running.json'));
    expect(refused.stderr).toContain('stuiver bank pay: refused: FF01');
    expect((await stuiver.cli('bank', 'day', '2020-01-01')).stderr).toContain('moves ahead');
  }, 120_000);
});
