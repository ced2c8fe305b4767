import type { BankAnswerSummary } from '@stuiver/console-api';
import { meaningOf } from '../../domain/bank-says.js';
import type { KeptAnswer } from '../../use-cases/import-bank-answer.js';

export function presentBankAnswer(kept: {
  readonly answers: readonly KeptAnswer[];
  readonly repeated: boolean;
}): BankAnswerSummary {
  const { answers, repeated } = kept;
  const count = (of: (answer: KeptAnswer) => boolean): number => answers.filter(of).length;
  return {
    repeated,
    accepted: count(({ status }) => meaningOf(status) === 'accepted'),
    rejected: count(({ status }) => meaningOf(status) === 'rejected'),
    contradicting: count(({ problem }) => problem !== null),
    payments: answers,
  };
}
