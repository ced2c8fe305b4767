import { Refusal } from '@stuiver/errors';
import { type ConnectAccounts, type ConnectAccountStatus, PspUnknownOutcome } from '@stuiver/psp';
import type { KeepPspAccount, PspAccountBook } from './keep-psp-account.js';

/** Where a merchant finishes the account that the PSP holds the merchant's money on, and how far that is. */
export class SetUpPspAccount {
  constructor(
    private readonly book: Pick<PspAccountBook, 'find'>,
    private readonly keep: KeepPspAccount,
    private readonly tools: {
      /** Null: the platform itself holds the money, and there is nothing to finish. */
      readonly connect: ConnectAccounts | null;
      /** The merchant's own page, for the way back. */
      readonly pageOf: (mchid: string) => string;
    },
  ) {}

  /** Null where there are no such accounts. @throws Refusal NOT_FOUND, PSP_UNREACHABLE */
  async status(mchid: string): Promise<ConnectAccountStatus | null> {
    const { connect } = this.tools;
    if (connect === null) return null;
    const merchant = await this.book.find(mchid);
    if (merchant === undefined) throw new Refusal('NOT_FOUND', { mchid });
    const { account } = merchant;
    if (account === null) return { takesPayments: false, isPaidOut: false, missing: ['account'] };
    return reached(mchid, () => connect.status(account));
  }

  /** A fresh link, for each time that it is asked for. @throws Refusal NOT_FOUND, NOT_OFFERED, PSP_UNREACHABLE, PSP_REFUSED */
  async link(mchid: string): Promise<string> {
    const { connect, pageOf } = this.tools;
    const account = await this.keep.run(mchid);
    if (connect === null || account === null) {
      throw new Refusal('NOT_OFFERED', { rule: 'merchants have no account at the PSP here' });
    }
    const page = pageOf(mchid);
    return reached(mchid, () =>
      connect.setupLink({ account, returnUrl: page, refreshUrl: `${page}?again=1` }),
    );
  }
}

async function reached<Answer>(mchid: string, ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof PspUnknownOutcome)) throw error;
    throw new Refusal('PSP_UNREACHABLE', { mchid, rule: 'ask again' }, { cause: error });
  }
}
