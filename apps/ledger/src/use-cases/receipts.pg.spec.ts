import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LedgerCommandOf, LedgerPort } from '@stuiver/contracts';
import { openFileKeyStore } from '@stuiver/key-store-file';
import { NoCrashPoints, SilentLog, SystemClock, SystemRandom } from '@stuiver/ports';
import type { Database } from '@stuiver/postgres';
import { metadataText, type Receipt, type Step, verifyReceipt } from '@stuiver/proof';
import { FixedClock, testDatabase, type TestDatabase } from '@stuiver/testing';
import { openBooks } from '../open-books.js';
import { openProofs, type Proofs } from '../open-proofs.js';
import { SHA256 } from './sha256.js';

const common = { effectiveAt: '2026-11-23T10:00:00Z', currency: 'EUR' } as const;
const NOTHING_OF_THEIRS = { owner: 'user:usr_z', purposes: [] };

function topUp(userId: string): LedgerCommandOf<'top-up'> {
  const id = randomUUID();
  return {
    kind: 'top-up',
    id,
    topUpId: 'top_1',
    userId,
    psp: 'stripe',
    amountMinor: '500000',
    ...common,
  };
}

function payment(userId: string): LedgerCommandOf<'payment'> {
  return {
    ...{
      kind: 'payment',
      id: randomUUID(),
      attemptId: 'att_1',
      orderId: 'ord_1',
      merchantId: '19',
    },
    ...{ funds: { kind: 'wallet', userId }, amountMinor: '1000', feeMinor: '19', ...common },
  };
}

describe('a receipt', () => {
  let db: TestDatabase;
  let database: Database;
  let port: LedgerPort;
  let proofs: Proofs;
  let dir: string;
  let publicKeyPem: string;
  const clock = new SystemClock();

  beforeAll(async () => {
    db = await testDatabase();
    database = await db.open('ledger');
    dir = await mkdtemp(join(tmpdir(), 'keys-'));
    const keys = await openFileKeyStore({ dir, clock, random: new SystemRandom() });
    ({ publicKeyPem } = await keys.checkpointKey());
    const log = new SilentLog();
    const quiet = { log, crash: new NoCrashPoints(), onCommitted: () => undefined };
    ({ port } = openBooks({ database, clock, ...quiet }));
    proofs = openProofs({ database, keys, clock, log });
    await port.submit(topUp('usr_a'));
  }, 60_000);
  afterAll(async () => {
    await db.close();
    await rm(dir, { recursive: true });
  });

  async function booked(): Promise<LedgerCommandOf<'payment'>> {
    const command = payment('usr_a');
    const all = [payment('usr_a'), command, topUp('usr_b'), payment('usr_poor')];
    await Promise.all(all.map((each) => port.submit(each)));
    return command;
  }

  /** As anybody gets it: through JSON. */
  const passedOn = (receipt: Receipt): Receipt => JSON.parse(JSON.stringify(receipt)) as Receipt;
  const broken = (steps: readonly Step[]): string[] =>
    steps.filter(({ holds }) => !holds).map(({ what }) => what);

  it('holds by itself, with a checkpoint made for it', async () => {
    const { id } = await booked();
    const receipt = passedOn(await proofs.makeReceipt.run({ id }, 'operator'));
    expect(broken(await verifyReceipt(receipt, publicKeyPem))).toEqual([]);
    expect(receipt.transfers).toHaveLength(2);
    const seq = receipt.command.firstSeq;
    expect(await proofs.makeReceipt.run({ seq }, 'operator')).toEqual(receipt);
  });

  it('leads over later batches to the next checkpoint', async () => {
    const { id } = await booked();
    await booked();
    await booked();
    await proofs.makeCheckpoint.run();
    const receipt = passedOn(await proofs.makeReceipt.run({ id }, 'operator'));
    expect(receipt.chain).toHaveLength(2);
    expect(broken(await verifyReceipt(receipt, publicKeyPem))).toEqual([]);
  });

  it('of a refusal shows that it was refused', async () => {
    const refused = payment('usr_poor');
    await port.submit(refused);
    const receipt = await proofs.makeReceipt.run({ id: refused.id }, 'operator');
    expect(receipt.command.refusal).toContain('FLOOR');
    expect(broken(await verifyReceipt(receipt, publicKeyPem))).toEqual([]);
  });

  it('shows a payer and a merchant their own sides, and nobody another’s', async () => {
    const { id } = await booked();
    const payer = await proofs.makeReceipt.run({ id }, { owner: 'user:usr_a', purposes: [] });
    expect(payer.transfers.map(({ debit, credit }) => [debit?.code, credit])).toEqual([
      ['user:usr_a:wallet', null],
    ]);
    expect(JSON.stringify(payer)).not.toContain('merchant:');
    expect(broken(await verifyReceipt(payer, publicKeyPem))).toEqual([]);
    const merchant = await proofs.makeReceipt.run({ id }, { owner: 'merchant:19', purposes: [] });
    expect(merchant.transfers).toHaveLength(2);
    expect(JSON.stringify(merchant)).not.toContain('user:usr_a');
    expect(broken(await verifyReceipt(merchant, publicKeyPem))).toEqual([]);
    await expect(proofs.makeReceipt.run({ id }, NOTHING_OF_THEIRS)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  it('shows a description to who has the salt, and holds without it', async () => {
    const metadata = { salt: '0123456789abcdef0123456789abcdef', fields: { description: 'Thé' } };
    const metadataSha256 = SHA256.text(metadataText(metadata.salt, metadata.fields));
    const { id } = await port
      .submit({ ...payment('usr_a'), metadataSha256 })
      .then(({ commandId }) => ({ id: commandId }));
    const receipt = passedOn(await proofs.makeReceipt.run({ id }, 'operator'));
    expect(receipt.command.metadata).toBe(metadataSha256);
    expect(broken(await verifyReceipt({ ...receipt, metadata }, publicKeyPem))).toEqual([]);
    expect(broken(await verifyReceipt(receipt, publicKeyPem))).toEqual([]);
    const other = { ...metadata, fields: { description: 'Koffie' } };
    expect(broken(await verifyReceipt({ ...receipt, metadata: other }, publicKeyPem))).toEqual([
      'the description is the one that was committed to',
    ]);
  });

  it('with any text of it changed does not hold', async () => {
    const { id } = await booked();
    await booked();
    await proofs.makeCheckpoint.run();
    const receipt = await proofs.makeReceipt.run({ id }, 'operator');
    const unnoticed: string[] = [];
    for (const path of textsOf(receipt)) {
      const changed = passedOn(receipt);
      change(changed, path);
      const holds = await verifyReceipt(changed, publicKeyPem).then(
        (steps) => broken(steps).length === 0,
        () => false,
      );
      if (holds) unnoticed.push(path.join('.'));
    }
    expect(unnoticed).toEqual([]);
  });

  it('is made of nothing that is not booked', async () => {
    await expect(proofs.makeReceipt.run({ id: randomUUID() }, 'operator')).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  it('needs a checkpoint only when something was booked since, and every hour then', async () => {
    const last = await proofs.makeCheckpoint.run();
    const at = (hours: number): Promise<number> => {
      const later = new FixedClock(new Date(Date.now() + hours * 3_600_000).toISOString());
      return keptAt(later);
    };
    const keptAt = async (later: FixedClock): Promise<number> => {
      const keys = proofs.keys;
      await openProofs({
        database,
        keys,
        clock: later,
        log: new SilentLog(),
      }).keepCheckpoints.look();
      const rows = await database.query('select from ledger.checkpoint where batch > $1', [
        last?.batch,
      ]);
      return rows.length;
    };
    expect(await at(2)).toBe(0);
    await booked();
    expect(await at(0)).toBe(0);
    expect(await at(2)).toBe(1);
  });
});

/** Where its texts are. */
function textsOf(value: unknown, path: string[] = []): string[][] {
  if (typeof value === 'string') return [path];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => textsOf(part, [...path, name]));
}

/** Another text of the same kind: a digit more or less. */
function change(receipt: object, path: readonly string[]): void {
  let place = receipt as Record<string, unknown>;
  for (const name of path.slice(0, -1)) place = place[name] as Record<string, unknown>;
  const last = path.at(-1) ?? '';
  const text = String(place[last]);
  place[last] = text.endsWith('1') ? `${text.slice(0, -1)}2` : `${text.slice(0, -1)}1`;
}
