import type { Desk, OpenItem, PaidOut } from './desk.js';
import type { Outside } from './outside.js';
import type { Mishap, PlannedDay } from './plan.js';
import type { Shop } from './shop.js';

const WRONG_NUMBER = 'AC01';
const CLOSED_ACCOUNT = 'AC04';

/** A payout that went wrong, and how far finance has come with it. */
interface Broken {
  readonly kind: 'payout-rejected' | 'payout-returned';
  readonly payout: PaidOut;
  /** Told by the bank, and not paid again yet. */
  isKnown: boolean;
}

/** What is done to finance behind its back, and what it must find of it under which name: told by nothing of the product. */
export class Mishaps {
  /** How often each one was done. */
  readonly done = new Map<Mishap, number>();
  private broken: Broken[] = [];
  private waiting: Mishap[] = [];
  private heldBack: { id: string; xml: string } | undefined;
  private isTwinOpen = false;
  private ibans = 0;

  constructor(
    private readonly world: {
      readonly desk: Desk;
      readonly outside: Outside;
      readonly shops: readonly Shop[];
    },
  ) {}

  get isOver(): boolean {
    return this.broken.length === 0 && this.heldBack === undefined && !this.isTwinOpen;
  }

  /** What must be among the exceptions now, and nothing else. */
  expected(): readonly string[] {
    const known = this.broken.filter(({ isKnown }) => isKnown);
    return [
      ...known.map(({ kind, payout }) => `${kind} payout:${payout.payoutId}`),
      ...(this.isTwinOpen ? ['duplicate-statement'] : []),
    ].sort();
  }

  /** What finance does with the bank's news of the morning, and with what went wrong. */
  async morning(mishap: Mishap | null): Promise<void> {
    if (mishap !== null) this.waiting.push(mishap);
    await this.closeTwin();
    const news = [...(await this.world.desk.news())];
    if (this.heldBack !== undefined) await this.findMissing(news);
    const last = news.at(-1);
    if (last !== undefined && this.heldBack === undefined && this.takes('missing-statement')) {
      this.heldBack = last;
      news.pop();
    }
    for (const statement of news) await this.import(statement);
    const told = news.at(-1);
    if (told !== undefined && this.takes('twin-statement')) await this.tellTwice(told.xml);
    await this.readAnswers();
    await this.failArrived();
    await this.world.desk.payeesAreSettled();
  }

  get isStatementLost(): boolean {
    return this.heldBack !== undefined;
  }

  /** Before the file is at the bank: what shall become of its payments. */
  async beforeTheBank(day: PlannedDay, batchPayouts: readonly PaidOut[]): Promise<void> {
    const mchid = this.world.shops[day.shop]?.mchid;
    const free = batchPayouts.filter(
      ({ merchantId }) => !this.broken.some(({ payout }) => payout.merchantId === merchantId),
    );
    const victim = free.find(({ merchantId }) => merchantId === mchid) ?? free[0];
    if (victim === undefined) return;
    if (this.takes('wrong-iban')) {
      await this.world.outside.plan(victim.endToEndId, { outcome: 'reject', code: WRONG_NUMBER });
      this.add('payout-rejected', victim);
    } else if (this.takes('returned-payout')) {
      const plan = { outcome: 'return', code: CLOSED_ACCOUNT, after_days: 1 };
      await this.world.outside.plan(victim.endToEndId, plan);
      this.add('payout-returned', victim);
    }
  }

  /** What was paid again is healed. */
  paidAgain(payouts: readonly PaidOut[]): void {
    this.broken = this.broken.filter(
      ({ isKnown, payout }) =>
        !isKnown || !payouts.some(({ settlementId }) => settlementId === payout.settlementId),
    );
  }

  private async import(statement: { id: string; xml: string }): Promise<void> {
    const { desk } = this.world;
    await desk.import(statement);
    for (const each of this.broken) {
      const { endToEndId, merchantId, payoutId } = each.payout;
      const entries = statement.xml.split('<Ntry>').slice(1);
      const isBack = entries.some(
        (entry) => entry.includes(endToEndId) && entry.includes('<RtrInf>'),
      );
      if (each.kind === 'payout-returned' && isBack) {
        each.isKnown = true;
        // Nobody says that an account is right before the page says what is wrong.
        await desk.finds('payout-returned', `payout:${payoutId}`);
        await desk.confirmPayee(merchantId);
      }
    }
  }

  /** The day after a statement got lost: what it should have shown is overdue, and the next one does not follow. */
  private async findMissing(news: { id: string; xml: string }[]): Promise<void> {
    const [missing] = news.splice(0, 1);
    if (missing?.id !== this.heldBack?.id || missing === undefined) {
      throw new Error('the statement that was left out comes first');
    }
    const [next] = news;
    if (next !== undefined) {
      const status = await this.world.desk.tryImport(next.xml);
      if (status < 400) throw new Error('a statement was taken although one before it is missing');
    }
    this.heldBack = undefined;
    await this.import(missing);
  }

  private async tellTwice(xml: string): Promise<void> {
    const twin = xml.replace(/<MsgId>[^<]*<\/MsgId>/, '<MsgId>TWIN</MsgId>');
    const status = await this.world.desk.tryImport(twin);
    if (status !== 409) throw new Error(`the twin was answered with ${String(status)}`);
    this.isTwinOpen = true;
  }

  private async closeTwin(): Promise<void> {
    if (!this.isTwinOpen) return;
    const isTwin = ({ kind }: OpenItem): boolean => kind === 'duplicate-statement';
    const twins = (await this.world.desk.items()).filter(isTwin);
    for (const item of twins) await this.world.desk.close(item, 'compared: the same lines');
    this.isTwinOpen = false;
  }

  /** pain.002 of the batches in which a payment was planned to be rejected. */
  private async readAnswers(): Promise<void> {
    const { desk, outside, shops } = this.world;
    for (const each of this.broken) {
      if (each.kind !== 'payout-rejected' || each.isKnown) continue;
      const answer = await outside.answer(each.payout.batchId);
      if (!answer.includes('RJCT')) continue;
      await desk.importAnswer(answer);
      each.isKnown = true;
      const { merchantId: mchid } = each.payout;
      const place = shops.findIndex((shop) => shop.mchid === mchid);
      const iban = OTHER_IBANS[this.ibans % OTHER_IBANS.length] ?? '';
      this.ibans += 1;
      await desk.changePayee(mchid, { name: `Winkel ${String(place + 1)}`, iban });
    }
  }

  private async failArrived(): Promise<void> {
    if (!this.waiting.includes('psp-payout-fails')) return;
    const arrived = await this.world.outside.paidPspPayout();
    if (arrived === undefined || !this.takes('psp-payout-fails')) return;
    await this.world.outside.failPspPayout(arrived);
  }

  private add(kind: Broken['kind'], payout: PaidOut): void {
    this.broken.push({ kind, payout, isKnown: false });
  }

  /** Whether it is to be done now; then it counts as done. */
  private takes(mishap: Mishap): boolean {
    const place = this.waiting.indexOf(mishap);
    if (place === -1) return false;
    this.waiting.splice(place, 1);
    this.done.set(mishap, (this.done.get(mishap) ?? 0) + 1);
    return true;
  }
}

const OTHER_IBANS = ['NL02ABNA0123456789', 'NL69INGB0123456789', 'NL44RABO0123456789'];
