import { isValidIBAN } from 'ibantools';
import { z } from 'zod';
import { listOf } from './lists.js';
import { check, Expand, Flag, mergeMetadata, Metadata, orUnset, Page } from './parameters.js';
import { type Answer, StripeProblem } from './problem.js';
import type { Doc, Objects } from './store.js';

const ExternalAccount = z.strictObject({
  object: z.literal('bank_account'),
  country: z.string().length(2),
  currency: z.literal('eur'),
  account_number: z.string().refine((text) => isValidIBAN(text), 'must be an IBAN'),
  account_holder_name: z.string().max(140).optional(),
});
const shared = {
  email: orUnset(z.email()),
  business_profile: z
    .strictObject({ name: orUnset(z.string()), url: orUnset(z.url()), mcc: orUnset(z.string()) })
    .optional(),
  capabilities: z.record(z.string(), z.strictObject({ requested: Flag })).optional(),
  external_account: ExternalAccount.optional(),
  settings: z
    .strictObject({
      payouts: z.strictObject({
        schedule: z.strictObject({ interval: z.enum(['daily', 'manual']) }),
      }),
    })
    .optional(),
  metadata: orUnset(Metadata),
  expand: Expand,
};
const CreateParameters = z.strictObject({
  type: z.enum(['express', 'custom', 'standard']).default('express'),
  country: z.string().length(2).default('NL'),
  business_type: z.enum(['individual', 'company', 'non_profit']).optional(),
  ...shared,
});
const UpdateParameters = z.strictObject(shared);
type Asked = z.infer<typeof UpdateParameters>;

/** A merchant's own account at the PSP, which holds the merchant's own money. */
export async function createAccount(objects: Objects, given: unknown): Promise<Answer> {
  const asked = check(CreateParameters, given);
  const bare: Doc = {
    id: objects.newId('acct'),
    object: 'account',
    business_profile: { name: null, url: null, mcc: null },
    business_type: asked.business_type ?? null,
    capabilities: {},
    charges_enabled: true,
    country: asked.country,
    created: objects.created,
    default_currency: 'eur',
    email: null,
    external_accounts: listOfBanks([]),
    metadata: {},
    settings: settingsOf({ schedule: { interval: 'daily' } }),
    type: asked.type,
  };
  return { status: 200, body: await change(objects, bare, asked) };
}

export async function updateAccount(objects: Objects, id: string, given: unknown): Promise<Answer> {
  const asked = check(UpdateParameters, given);
  const { doc } = await objects.lock('account', id);
  return { status: 200, body: await change(objects, doc, asked) };
}

async function change(objects: Objects, account: Doc, asked: Asked): Promise<Doc> {
  const metadata = mergeMetadata(account['metadata'] as Record<string, string>, asked.metadata);
  const requested = Object.entries(asked.capabilities ?? {}).map(
    ([name, { requested: wanted }]) => [name, wanted ? 'active' : 'inactive'],
  );
  const external = asked.external_account;
  const banks =
    external === undefined
      ? account['external_accounts']
      : listOfBanks([bankOf(objects, account.id, external)]);
  const payable = (banks as { total_count: number }).total_count > 0;
  const changed: Doc = {
    ...account,
    business_profile: { ...(account['business_profile'] as object), ...asked.business_profile },
    capabilities: { ...(account['capabilities'] as object), ...Object.fromEntries(requested) },
    email: asked.email ?? account['email'],
    external_accounts: banks,
    metadata,
    details_submitted: payable,
    payouts_enabled: payable,
    requirements: {
      currently_due: payable ? [] : ['external_account'],
      ...{ disabled_reason: null, eventually_due: [], past_due: [], pending_verification: [] },
    },
    settings:
      asked.settings === undefined ? account['settings'] : settingsOf(asked.settings.payouts),
  };
  await objects.save(
    changed,
    external === undefined ? undefined : { iban: external.account_number },
  );
  await objects.as(account.id).tell('account.updated', changed);
  return changed;
}

function settingsOf({
  schedule,
}: NonNullable<Asked['settings']>['payouts']): Record<string, unknown> {
  return {
    branding: { icon: null, logo: null, primary_color: null, secondary_color: null },
    card_payments: { statement_descriptor_prefix: null },
    dashboard: { display_name: null, timezone: 'Europe/Amsterdam' },
    payments: { statement_descriptor: null },
    payouts: {
      debit_negative_balances: true,
      schedule: { interval: schedule.interval, delay_days: 2 },
      statement_descriptor: null,
    },
  };
}

function bankOf(
  objects: Objects,
  account: string,
  external: z.infer<typeof ExternalAccount>,
): Record<string, unknown> {
  return {
    id: objects.newId('ba'),
    object: 'bank_account',
    account,
    account_holder_name: external.account_holder_name ?? null,
    country: external.country,
    currency: 'eur',
    default_for_currency: true,
    last4: external.account_number.slice(-4),
    status: 'new',
  };
}

function listOfBanks(data: readonly Record<string, unknown>[]): Record<string, unknown> {
  return { object: 'list', data, has_more: false, total_count: data.length, url: '' };
}

export async function listAccounts(objects: Objects, given: unknown): Promise<unknown> {
  const page = check(z.strictObject(Page), given);
  return listOf(objects, { object: 'account', url: '/v1/accounts', page });
}

/** @throws StripeProblem 403 when the caller acts for an account that is not there. */
export async function checkCallersAccount(objects: Objects): Promise<void> {
  const { account } = objects;
  if (account === null || (await objects.as(null).find(account))?.object === 'account') return;
  throw new StripeProblem(403, {
    type: 'invalid_request_error',
    code: 'account_invalid',
    message: `The provided key does not have access to account '${account}'.`,
  });
}

export interface Destination {
  /** The PSP's name of the bank account. */
  readonly id: string;
  readonly iban: string;
  readonly schedule: 'daily' | 'manual';
}

/** Where the balance of whoever the caller acts for is paid out to; undefined when no bank account is known. */
export async function destinationOf(objects: Objects): Promise<Destination | undefined> {
  const { account, terms } = objects;
  if (account === null) {
    const { external_account: iban, payout_schedule: schedule } = terms;
    return iban === null ? undefined : { id: PLATFORM_BANK, iban, schedule };
  }
  const { doc, hidden } = await objects.as(null).lock('account', account);
  const banks = (doc['external_accounts'] as { data: { id: string }[] }).data;
  const [bank] = banks;
  if (bank === undefined) return undefined;
  const { payouts } = doc['settings'] as { payouts: { schedule: { interval: string } } };
  const schedule = payouts.schedule.interval === 'daily' ? 'daily' : 'manual';
  return { id: bank.id, iban: String(hidden['iban']), schedule };
}

const PLATFORM_BANK = 'ba_stuiver';
