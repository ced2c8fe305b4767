import type { NextPayout, SettlementTermsAnswer } from '@stuiver/console-api';
import { useState } from 'preact/hooks';
import { minorOf } from '../parts/minor-of.js';
import { language } from '../state.js';
import { change, me } from './api.js';
import { Confirm, Field } from './confirm.js';
import { amsterdamText, euros, Shown } from './parts.js';
import { tw } from './terms-words.js';
import { useAsked } from './use-asked.js';

const EVERY = ['day', 'week', 'month', 'asked'] as const;
const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7];
/** A Sunday: so many days later is the weekday of that number. */
const SUNDAY = Date.UTC(2023, 11, 31);
const DAY_MS = 86_400_000;

interface Answer {
  readonly terms: SettlementTermsAnswer;
  readonly versions: readonly SettlementTermsAnswer[];
}

/** When one merchant is settled, what it was before, and the way to change it. For finance. */
export function SettlementTermsPart({ mchid }: { mchid: string }) {
  const t = tw.value;
  const path = `/console/finance/settlement-terms/${mchid}`;
  const asked = useAsked<Answer>(path);
  return (
    <>
      <h2>{t.title}</h2>
      <Shown asked={asked}>
        {({ terms, versions }) => (
          <>
            <p>{sentenceOf(terms)}</p>
            <p class="soft">{terms.version === 0 ? t.standard : saidText(terms)}</p>
            {me.value?.roles.includes('finance') === true && (
              <ChangeTerms key={terms.version} path={path} terms={terms} onSaid={asked.again} />
            )}
            {versions.length > 1 && (
              <>
                <h3>{t.history}</h3>
                <ul>
                  {versions.slice(1).map((version) => (
                    <li key={version.version}>
                      {sentenceOf(version)} <span class="soft">{saidText(version)}</span>
                    </li>
                  ))}
                </ul>
              </>
            )}
          </>
        )}
      </Shown>
    </>
  );
}

interface Form {
  readonly every: SettlementTermsAnswer['every'];
  readonly onDay: string;
  readonly least: string;
  readonly reason: string;
}

function ChangeTerms(props: { path: string; terms: SettlementTermsAnswer; onSaid: () => void }) {
  const { path, terms, onSaid } = props;
  const t = tw.value;
  const [open, setOpen] = useState(false);
  const [form, setForm] = useState<Form>({
    ...{ every: terms.every, onDay: String(terms.onDay ?? 1), least: '', reason: '' },
  });
  return (
    <p>
      <button
        type="button"
        onClick={() => {
          setOpen(true);
        }}
      >
        {t.change}
      </button>
      {open && (
        <Confirm
          title={t.change}
          consequence={t.sure}
          action={t.save}
          onConfirm={async () => {
            await change(path, { after: terms.version, ...bodyOf(form) });
            onSaid();
          }}
          onClose={() => {
            setOpen(false);
          }}
        >
          <TermsFields form={form} onChange={setForm} />
        </Confirm>
      )}
    </p>
  );
}

function TermsFields({ form, onChange }: { form: Form; onChange: (form: Form) => void }) {
  const t = tw.value;
  return (
    <>
      <label class="field">
        {t.schedule}
        <select
          value={form.every}
          onChange={(event) => {
            const every = EVERY.find((one) => one === event.currentTarget.value) ?? 'day';
            onChange({ ...form, every, onDay: '1' });
          }}
        >
          {EVERY.map((every) => (
            <option key={every} value={every}>
              {shortOf(every)}
            </option>
          ))}
        </select>
      </label>
      {(form.every === 'week' || form.every === 'month') && (
        <OnDay form={form} onChange={onChange} />
      )}
      <label class="field">
        {t.least}
        <input
          inputMode="decimal"
          pattern="\d{1,6}([.,]\d{1,2})?"
          title={t.notAnAmount}
          value={form.least}
          onInput={(event) => {
            onChange({ ...form, least: event.currentTarget.value });
          }}
        />
        <span class="soft">{t.leastHint}</span>
      </label>
      <Field
        label={t.reason}
        value={form.reason}
        onInput={(reason) => {
          onChange({ ...form, reason });
        }}
      />
    </>
  );
}

function shortOf(every: Form['every']): string {
  const t = tw.value;
  if (every === 'week') return t.weekly;
  return every === 'month' ? t.monthly : t[every];
}

function OnDay({ form, onChange }: { form: Form; onChange: (form: Form) => void }) {
  const t = tw.value;
  const isWeek = form.every === 'week';
  const days = isWeek ? WEEKDAYS : Array.from({ length: 31 }, (_none, index) => index + 1);
  return (
    <label class="field">
      {isWeek ? t.onWeekday : t.onMonthDay}
      <select
        value={form.onDay}
        onChange={(event) => {
          onChange({ ...form, onDay: event.currentTarget.value });
        }}
      >
        {days.map((day) => (
          <option key={day} value={String(day)}>
            {isWeek ? weekday(day) : day}
          </option>
        ))}
      </select>
    </label>
  );
}

function bodyOf({ every, onDay, least, reason }: Form): object {
  const hasDay = every === 'week' || every === 'month';
  return {
    ...{ every, onDay: hasDay ? Number(onDay) : null, reason: reason.trim() },
    minimumMinor: minorOf(least) ?? '0',
  };
}

function sentenceOf({ every, onDay, minimumMinor }: SettlementTermsAnswer): string {
  const t = tw.value;
  const day = every === 'week' ? weekday(onDay ?? 1) : String(onDay);
  const when = `${t[every].replace('{day}', day)}.`;
  if (minimumMinor === '0') return when;
  return `${when} ${t.minimum.replace('{amount}', euros(minimumMinor))}`;
}

function saidText({ byName, at, reason }: SettlementTermsAnswer): string {
  return tw.value.saidBy
    .replace('{name}', byName ?? '')
    .replace('{at}', at === null ? '' : amsterdamText(at))
    .replace('{reason}', reason ?? '');
}

function weekday(no: number): string {
  const locale = language.value === 'nl' ? 'nl-NL' : 'en-IE';
  const format = new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' });
  return format.format(SUNDAY + no * DAY_MS);
}

/** For the merchant's people, while the terms would let it stand. */
export function SettleNow(props: { mchid: string; next: NextPayout; onSettled: () => void }) {
  const { mchid, next, onSettled } = props;
  const t = tw.value;
  const [open, setOpen] = useState(false);
  if (next.notSettled === null || BigInt(next.openMinor) <= 0n) return null;
  return (
    <p>
      <button
        type="button"
        onClick={() => {
          setOpen(true);
        }}
      >
        {t.settleNow}
      </button>
      {open && (
        <Confirm
          title={t.settleNow}
          consequence={t.settleSure.replace('{amount}', euros(next.openMinor))}
          action={t.settleNow}
          onConfirm={async () => {
            await change(`/console/merchants/${mchid}/settlements`, {});
            onSettled();
          }}
          onClose={() => {
            setOpen(false);
          }}
        />
      )}
    </p>
  );
}
