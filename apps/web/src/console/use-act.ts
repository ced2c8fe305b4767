import { useState } from 'preact/hooks';
import { textOfProblem } from './parts.js';

/** One act at a time, with what went wrong in words. */
export function useAct(): {
  readonly busy: boolean;
  readonly problem: string;
  readonly act: (work: () => Promise<void>) => void;
} {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const run = async (work: () => Promise<void>): Promise<void> => {
    setBusy(true);
    setProblem('');
    try {
      await work();
    } catch (error) {
      setProblem(textOfProblem(error));
    } finally {
      setBusy(false);
    }
  };
  return {
    busy,
    problem,
    act: (work) => {
      if (!busy) void run(work);
    },
  };
}
