import { Refusal } from '@stuiver/errors';
import { type ConnectAccounts, PspUnknownOutcome } from '@stuiver/psp';

export interface PspAccountBook {
  find(
    mchid: string,
  ): Promise<{ readonly name: string; readonly account: string | null } | undefined>;
  /** @returns the account that is kept, which may be one that was kept before. */
  keep(mchid: string, account: string): Promise<string>;
}

/**
 * A merchant's own account at the PSP, where the PSP holds the merchants' money. The merchant is recorded before the PSP
 * is asked; whoever needs the account next asks again, and the PSP finds the one it opened.
 */
export class KeepPspAccount {
  /** @param connect  null: the platform itself holds the money, and nobody has such an account. */
  constructor(
    private readonly book: PspAccountBook,
    private readonly connect: ConnectAccounts | null,
  ) {}

  get isOn(): boolean {
    return this.connect !== null;
  }

  /** @throws Refusal NOT_FOUND; PSP_UNREACHABLE when it is not known yet; PSP_REFUSED */
  async run(mchid: string): Promise<string | null> {
    if (this.connect === null) return null;
    const merchant = await this.book.find(mchid);
    if (merchant === undefined) throw new Refusal('NOT_FOUND', { mchid });
    if (merchant.account !== null) return merchant.account;
    const account = await this.open(this.connect, { merchantId: mchid, name: merchant.name });
    return this.book.keep(mchid, account);
  }

  private async open(
    connect: ConnectAccounts,
    merchant: { merchantId: string; name: string },
  ): Promise<string> {
    const idempotencyKey = `psp-account:${merchant.merchantId}`;
    try {
      return await connect.open({ ...merchant, idempotencyKey });
    } catch (error) {
      if (!(error instanceof PspUnknownOutcome)) throw error;
      const { merchantId: mchid } = merchant;
      throw new Refusal('PSP_UNREACHABLE', { mchid, rule: 'ask again' }, { cause: error });
    }
  }
}
