import { describe, expect, it } from '@jest/globals';
import { ConfigProblem, readConfig } from './config.js';
import { type LiveFacts, liveObjections } from './live-objections.js';

const READY: LiveFacts = {
  moneyMode: 'psp-held',
  publicUrl: 'https://pay.example',
  databaseUrl: 'postgres://stuiver:x@db.example/stuiver',
  stripeKeys: { order: 'rk_live_1', payout: 'rk_live_2' },
  stripeWebhookSecretOrder: 'whsec_order',
  stripeWebhookSecretPayout: 'whsec_payout',
  mailUrl: 'smtps://mail.example',
  prefunding: 'approved',
  fileKeysConfirmed: true,
  crashAt: undefined,
  hasDemoData: false,
};

describe('what stands before real money', () => {
  it('is nothing when everything is said', () => {
    expect(liveObjections(READY)).toEqual([]);
  });

  it.each<[string, Partial<LiveFacts>]>([
    ['who holds the money', { moneyMode: undefined }],
    ['https', { publicUrl: 'http://pay.example' }],
    ['https', { publicUrl: undefined }],
    ['sandbox', { stripeKeys: undefined }],
    ['test mode', { stripeKeys: { order: 'rk_live_1', payout: 'sk_test_1' } }],
    ['one key', { stripeKeys: { order: 'rk_live_1', payout: 'rk_live_1' } }],
    ['webhooks', { stripeWebhookSecretPayout: undefined }],
    ['webhooks', { stripeWebhookSecretPayout: 'whsec_order' }],
    ['keys lie in files', { fileKeysConfirmed: false }],
    ['database', { databaseUrl: undefined }],
    ['mails', { mailUrl: undefined }],
    ['demo', { hasDemoData: true }],
    ['nobody is asked', { prefunding: 'allowed' }],
    ['crash point', { crashAt: 'wallet.ledger-posted' }],
  ])('is %s, with its fix', (words, wrong) => {
    const objections = liveObjections({ ...READY, ...wrong });
    expect(objections).toHaveLength(1);
    expect(objections[0]?.what).toContain(words);
    expect(objections[0]?.fix.length).toBeGreaterThan(10);
  });
});

describe('the settings', () => {
  it('refuse live while anything stands before it, and say where the list is', () => {
    const live = (): unknown => readConfig({ STUIVER_MONEY: 'live', STUIVER_DATA_DIR: '/nowhere' });
    expect(live).toThrow(ConfigProblem);
    expect(live).toThrow(/who holds the money is not stated.*doctor --live/);
  });

  it('give each service its own key of the PSP, or both the same one', () => {
    const hook = { STRIPE_WEBHOOK_SECRET_ORDER: 'whsec_1' };
    const own = { STRIPE_SECRET_KEY_ORDER: 'rk_test_1', STRIPE_SECRET_KEY_PAYOUT: 'rk_test_2' };
    expect(readConfig({}).stripeKeys).toBeUndefined();
    expect(readConfig({ ...hook, STRIPE_SECRET_KEY: 'sk_test_1' }).stripeKeys).toEqual({
      ...{ order: 'sk_test_1', payout: 'sk_test_1' },
    });
    expect(readConfig({ ...hook, ...own, STRIPE_SECRET_KEY: 'sk_test_1' }).stripeKeys).toEqual({
      ...{ order: 'rk_test_1', payout: 'rk_test_2' },
    });
    expect(() => readConfig({ ...hook, STRIPE_SECRET_KEY_ORDER: 'rk_test_1' })).toThrow(
      /STRIPE_SECRET_KEY_PAYOUT/,
    );
    expect(() => readConfig({ ...hook, ...own, STRIPE_SECRET_KEY_PAYOUT: 'rk_live_2' })).toThrow(
      /a live key is refused/,
    );
  });

  it('let the sandbox hold its money itself, or the PSP when asked', () => {
    expect(readConfig({}).moneyMode).toBe('self-held');
    expect(readConfig({ STUIVER_MONEY_MODE: 'psp-held' }).moneyMode).toBe('psp-held');
  });

  it('accept live when everything is said', () => {
    const config = readConfig({
      ...{ STUIVER_MONEY: 'live', STUIVER_MONEY_MODE: 'self-held', STUIVER_DATA_DIR: '/nowhere' },
      ...{ PUBLIC_URL: 'https://pay.example', DATABASE_URL: 'postgres://a:b@db.example/stuiver' },
      ...{ STRIPE_SECRET_KEY_ORDER: 'rk_live_1', STRIPE_SECRET_KEY_PAYOUT: 'rk_live_2' },
      STRIPE_WEBHOOK_SECRET_ORDER: 'whsec_1',
      ...{ STRIPE_WEBHOOK_SECRET_PAYOUT: 'whsec_2', MAIL_URL: 'smtps://mail.example' },
      STUIVER_FILE_KEYS: 'confirmed',
    });
    expect(config).toMatchObject({ sandbox: false, moneyMode: 'self-held' });
  });
});
