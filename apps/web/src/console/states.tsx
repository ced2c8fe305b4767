import { codeWord } from './code-words.js';

type Tone = 'good' | 'bad' | 'person' | 'calm';
const MARKS: Readonly<Record<Tone, string>> = { good: '✓', bad: '!', person: '●', calm: '○' };

/** Which codes are good news, bad news, or wait for a person; every other one is calm. */
const TONES: Readonly<Record<string, Tone>> = {
  ...{ settled: 'good', SUCCESS: 'good', matched: 'good' },
  ...{ rejected: 'bad', returned: 'bad', refused: 'bad' },
  ...{ asked: 'person', 'in-use': 'good' },
  ...{ prepared: 'person', open: 'person', suggested: 'person', approved: 'person' },
};

/** Where something is, in words; colour never says it alone. */
export function State(props: {
  of: 'batch' | 'payout' | 'settlement' | 'order' | 'match' | 'payeeChange';
  code: string;
}) {
  const tone = TONES[props.code] ?? 'calm';
  return (
    <span class={`state ${tone}`}>
      <span aria-hidden="true">{MARKS[tone]} </span>
      {codeWord(props.of, props.code)}
    </span>
  );
}

/** A bank's reason: its code, because the field uses it, and what it means. */
export function BankReason({ code }: { code: string | null }) {
  if (code === null) return null;
  const words = codeWord('bankReason', code);
  return (
    <span class="soft">
      {' '}
      {code}
      {words === code ? '' : `: ${words}`}
    </span>
  );
}
