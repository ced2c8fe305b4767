import { useState } from 'preact/hooks';

export interface Acting {
  readonly busy: boolean;
  /** What went wrong; null when nothing did. */
  readonly error: unknown;
  readonly act: (work: () => Promise<void>) => void;
}

/** One act at a time, and what went wrong with it. */
export function useAct(): Acting {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const run = async (work: () => Promise<void>): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      await work();
    } catch (caught) {
      setError(caught);
    } finally {
      setBusy(false);
    }
  };
  return {
    busy,
    error,
    act: (work) => {
      if (!busy) void run(work);
    },
  };
}
