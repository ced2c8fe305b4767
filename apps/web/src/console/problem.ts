import { codeWord, knownWord } from './code-words.js';
import { ConsoleProblem } from './api.js';
import { cw } from './words.js';

/** What went wrong, in the reader's language. The service's own English sentence is for logs, never for this. */
export function textOfProblem(error: unknown): string {
  if (!(error instanceof ConsoleProblem)) return cw.value.failed;
  const { code, facts } = error;
  const { why = '', held = '' } = facts;
  const known = knownWord('why', why) ?? knownWord('lineProblem', why);
  const text = known ?? knownWord('refusal', code) ?? cw.value.failed;
  if (held === '') return text;
  const reasons = held.split(' ').map((each) => codeWord('held', each));
  return `${text} ${reasons.join('; ')}.`;
}

/** What a person names when they ask for help; empty when the service was not reached. */
export function requestIdOf(error: unknown): string {
  return error instanceof ConsoleProblem ? error.requestId : '';
}
