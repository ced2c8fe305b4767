import { minorOf } from '@stuiver/money';
import type { Command, StepCommand } from './commands.js';
import type { Leg } from './posting-rules.js';

/** What a command of steps does, one after the other: all of it or nothing. Amounts are minor units. */
export type Step =
  | { readonly do: 'transfer'; readonly leg: Leg }
  | {
      readonly do: 'place';
      readonly holdId: string;
      readonly account: string;
      readonly amount: bigint;
      readonly expiresAt: Date | null;
    }
  | {
      readonly do: 'capture';
      readonly holdId: string;
      readonly credit: string;
      readonly amount: bigint;
      /** `up-to`: at most what remains. */
      readonly take: 'exactly' | 'up-to';
      readonly purpose: string;
    }
  | { readonly do: 'increase'; readonly holdId: string; readonly amount: bigint }
  /** Null: all that remains. */
  | { readonly do: 'release'; readonly holdId: string; readonly amount: bigint | null }
  /** Releases what captures left, if anything. */
  | { readonly do: 'finish'; readonly holdId: string }
  | { readonly do: 'expire'; readonly holdId: string };

export function isStepCommand(command: Command): command is StepCommand {
  return command.kind === 'transfer-chain' || command.kind.startsWith('hold-');
}

/** @throws RangeError when an amount is not whole minor units. */
export function stepsOf(command: StepCommand): readonly Step[] {
  switch (command.kind) {
    case 'transfer-chain':
      return command.steps.map((step, index) => stepOf(step, holdIdOf(command.id, index)));
    case 'hold-place':
      return [stepOf({ ...command, do: 'place' }, holdIdOf(command.id, 0))];
    case 'hold-capture': {
      const { holdId, captures, final } = command;
      const steps = captures.map((capture): Step => ({
        ...{ do: 'capture', holdId, credit: capture.credit, purpose: 'capture', take: 'exactly' },
        amount: minorOf(capture.amountMinor),
      }));
      return final ? [...steps, { do: 'finish', holdId }] : steps;
    }
    case 'hold-increase':
      return [stepOf({ ...command, do: 'increase' }, '')];
    case 'hold-release':
      return [stepOf({ ...command, do: 'release' }, '')];
    case 'hold-expire':
      return [{ do: 'expire', holdId: command.holdId }];
  }
}

/** Whoever knows the command knows its holds. */
function holdIdOf(commandId: string, step: number): string {
  return `${commandId}.${String(step)}`;
}

type GivenStep = Extract<StepCommand, { kind: 'transfer-chain' }>['steps'][number];

function stepOf(step: GivenStep, ownHoldId: string): Step {
  switch (step.do) {
    case 'transfer': {
      const { purpose, debit, credit, take } = step;
      const amount = { take, minor: minorOf(step.amountMinor) };
      return { do: 'transfer', leg: { purpose, debit, credit, amount } };
    }
    case 'place': {
      const { account, expiresAt } = step;
      return {
        ...{ do: 'place', holdId: ownHoldId, account },
        amount: minorOf(step.amountMinor),
        expiresAt: expiresAt === null ? null : new Date(expiresAt),
      };
    }
    case 'capture': {
      const { holdId, credit, take, purpose } = step;
      return { do: 'capture', holdId, credit, take, purpose, amount: minorOf(step.amountMinor) };
    }
    case 'increase':
      return { do: 'increase', holdId: step.holdId, amount: minorOf(step.amountMinor) };
    case 'release': {
      const amount = step.amountMinor === null ? null : minorOf(step.amountMinor);
      return { do: 'release', holdId: step.holdId, amount };
    }
    case 'finish':
      return { do: 'finish', holdId: step.holdId };
  }
}

/** The accounts that a step names; a hold's own account is known with the hold. */
export function accountsOfStep(step: Step): readonly string[] {
  if (step.do === 'transfer') return [step.leg.debit, step.leg.credit];
  if (step.do === 'capture') return [step.credit];
  return step.do === 'place' ? [step.account] : [];
}
