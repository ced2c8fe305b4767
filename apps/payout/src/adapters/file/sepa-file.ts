import { mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { type CreditTransfer, objectionTo, writePain001 } from '@stuiver/iso20022';
import type { FileShelf, FileToWrite, Payee, PaymentFile, Payout } from '../../use-cases/ports.js';

export interface Debtor {
  readonly name: string;
  readonly iban: string;
}

/** A batch as a SEPA credit transfer file for our own bank. */
export class SepaFile implements PaymentFile {
  constructor(private readonly debtor: Debtor) {}

  write(file: FileToWrite): { content: string; sha256: string } {
    const { xml, sha256 } = writePain001({
      messageId: file.batchId.replace('_', '-'),
      createdAt: file.createdAt,
      initiator: { name: this.debtor.name },
      debtor: this.debtor,
      executionDate: file.executionDate,
      // By id, as they are read back, so the export's bytes are the approved ones.
      transfers: [...file.lines]
        .sort((a, b) => (a.payout.id < b.payout.id ? -1 : 1))
        .map(transferOf),
    });
    return { content: xml, sha256 };
  }

  objectionTo(line: { payout: Payout; payee: Payee }): string | undefined {
    return objectionTo(transferOf(line));
  }
}

function transferOf({ payout, payee }: { payout: Payout; payee: Payee }): CreditTransfer {
  return {
    endToEndId: payout.endToEndId,
    amount: payout.amount,
    creditor: { name: payee.name, iban: payee.iban },
    remittance: payout.remittance,
  };
}

/** A folder that the bank's channel picks files up from: a name appears when its content is whole and on disk. */
export class PayoutFolder implements FileShelf {
  constructor(private readonly folder: string) {}

  async put(batchId: string, content: string): Promise<string> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const path = join(this.folder, `${batchId}.xml`);
    const draft = await open(`${path}.draft`, 'w', 0o600);
    try {
      await draft.writeFile(content, 'utf8');
      await draft.sync();
    } finally {
      await draft.close();
    }
    await rename(`${path}.draft`, path);
    return path;
  }
}
