import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import {
  batchText,
  chainText,
  checkpointText,
  commandText,
  instant,
  netstrings,
  sideText,
  transferText,
} from './index.js';

const HASH = 'ab'.repeat(32);
const AT = instant(new Date('2026-11-23T10:00:00.120Z'));
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** What is written here was promised: if one of these tests fails, receipts that are out there are worth nothing. */
describe('canonical bytes', () => {
  it('of a side', () => {
    const text = sideText({
      salt: '00112233445566778899aabbccddeeff',
      account: '7',
      code: 'user:usr_a:wallet',
      version: '3',
      afterMinor: '-1250',
    });
    expect(text).toBe(
      '15:stuiver.side.v1,32:00112233445566778899aabbccddeeff,1:7,17:user:usr_a:wallet,1:3,5:-1250,',
    );
    expect(sha256(text)).toBe('431cc5d963dc5cf2710abc0d1b20115158393bce6ed16dc609b4405c5516ff2e');
  });

  it('of a transfer', () => {
    const transfer = {
      seq: '42',
      batch: '9',
      commandId: '00000000-0000-5000-8000-000000000001',
      purpose: 'payment',
      amountMinor: '1250',
      currency: 'EUR',
      effectiveAt: AT,
      debit: HASH,
      credit: HASH,
    };
    const text = transferText({ ...transfer, also: {} });
    expect(text).toBe(
      '19:stuiver.transfer.v1,2:42,1:9,36:00000000-0000-5000-8000-000000000001,7:payment,4:1250,' +
        `3:EUR,27:2026-11-23T10:00:00.120000Z,64:${HASH},64:${HASH},`,
    );
    expect(sha256(text)).toBe('0b2f52baf6f9ebb3299edae8ce118e1838138cb6da4c1510b45993507e1c4794');
    expect(transferText({ ...transfer, also: { reverses: '41', hold: '5' } })).toBe(
      `${text}4:hold,1:5,8:reverses,2:41,`,
    );
  });

  it('of a command', () => {
    const text = commandText({
      id: '00000000-0000-5000-8000-000000000001',
      kind: 'payment',
      contentSha256: HASH,
      batch: '9',
      firstSeq: '42',
      transferCount: '1',
      refusal: null,
      metadata: null,
      transfers: [HASH],
      also: {},
    });
    expect(text).toBe(
      `18:stuiver.command.v1,36:00000000-0000-5000-8000-000000000001,7:payment,64:${HASH},1:9,2:42,1:1,-,-,64:${HASH},`,
    );
  });

  it('of a batch', () => {
    const text = batchText({
      shard: '1',
      no: '9',
      root: HASH,
      blindSha256: HASH,
      firstSeq: '42',
      transferCount: '1',
      commandCount: '1',
      at: AT,
    });
    expect(text).toBe(
      `16:stuiver.batch.v1,1:1,1:9,64:${HASH},64:${HASH},2:42,1:1,1:1,27:2026-11-23T10:00:00.120000Z,`,
    );
    expect(sha256(text)).toBe('b9b787cc8c269eb0b7fab67afc38575a0f59b6d0d934e205eab45fcb2a6da349');
  });

  it('of the chain and of a checkpoint', () => {
    expect(chainText(HASH, HASH)).toBe(`16:stuiver.chain.v1,64:${HASH},64:${HASH},`);
    const text = checkpointText({
      chain: '00000000-0000-4000-8000-000000000001',
      shard: '1',
      batch: '9',
      hash: HASH,
      at: AT,
      lastSeq: '42',
      lastAccount: '7',
      trialBalance: [{ currency: 'EUR', debitMinor: '1250', creditMinor: '1250' }],
      keyId: 'k1',
    });
    expect(text).toBe(
      `21:stuiver.checkpoint.v1,36:00000000-0000-4000-8000-000000000001,1:1,1:9,64:${HASH},` +
        '27:2026-11-23T10:00:00.120000Z,2:42,1:7,2:k1,3:EUR,4:1250,4:1250,',
    );
  });

  it('count bytes, and tell nothing from an empty text', () => {
    expect(netstrings(['café', '', null, '1:a,'])).toBe('5:café,0:,-,4:1:a,,');
  });
});
