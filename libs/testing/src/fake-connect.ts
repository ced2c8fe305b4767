import { type ConnectAccounts, type ConnectAccountStatus, PspUnknownOutcome } from '@stuiver/psp';

/** A PSP's accounts of merchants in memory: one each, however often it is asked. */
export class FakeConnect implements ConnectAccounts {
  readonly accounts = new Map<string, string>();
  private readonly finished = new Set<string>();
  private answersToLose = 0;

  /** The next calls do their work, and the answer is lost on the way back. */
  loseAnswers(count: number): void {
    this.answersToLose = count;
  }

  open({ merchantId }: Parameters<ConnectAccounts['open']>[0]): Promise<string> {
    const account = this.accounts.get(merchantId) ?? `acct_${String(this.accounts.size + 1)}`;
    this.accounts.set(merchantId, account);
    if (this.answersToLose === 0) return Promise.resolve(account);
    this.answersToLose -= 1;
    return Promise.reject(new PspUnknownOutcome('the answer of the fake PSP is lost'));
  }

  /** The merchant has said everything there is to say. */
  finish(account: string): void {
    this.finished.add(account);
  }

  status(account: string): Promise<ConnectAccountStatus> {
    const isPaidOut = this.finished.has(account);
    const missing = isPaidOut ? [] : ['external_account'];
    return Promise.resolve({ takesPayments: true, isPaidOut, missing });
  }

  setupLink({ account }: Parameters<ConnectAccounts['setupLink']>[0]): Promise<string> {
    return Promise.resolve(`https://psp.test/connect/${account}`);
  }
}
