import type { Language } from './money.js';
import { LOCALES } from './money.js';

const WARN_MS = 120_000;
const MINUTE_MS = 60_000;
/** The longest wait a browser's timer takes. */
const TIMER_MS_MAX = 2_147_483_647;

/** Tells the payer when the order's time is nearly over, and when it is. */
export class OrderClock {
  private timers: ReturnType<typeof setTimeout>[] = [];

  constructor(private readonly on: { soon: (leftMs: number) => void; over: () => void }) {}

  start(leftMs: number): void {
    this.stop();
    const soonMs = Math.max(0, leftMs - WARN_MS);
    this.after(soonMs, () => {
      this.on.soon(Math.min(leftMs, WARN_MS));
    });
    this.after(Math.max(0, leftMs), this.on.over);
  }

  stop(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers = [];
  }

  private after(ms: number, work: () => void): void {
    if (ms <= TIMER_MS_MAX) this.timers.push(setTimeout(work, ms));
  }
}

/** "2 minuten", "1 minute": rounded up, so nobody is promised less than a minute too little. */
export function minutesText(leftMs: number, language: Language): string {
  const format = new Intl.NumberFormat(LOCALES[language], {
    style: 'unit',
    unit: 'minute',
    unitDisplay: 'long',
  });
  return format.format(Math.max(1, Math.ceil(leftMs / MINUTE_MS)));
}
