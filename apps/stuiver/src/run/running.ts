export interface Running {
  readonly readyLine: string;
  stop(): Promise<void>;
}

/** Steps that take back what was started, in the order it was started. */
export type Undo = (() => Promise<void>)[];

/** Brings everything up in the order it needs; what was started is stopped again when a later part fails. */
export async function bringUpOrUndo(bringUp: (undo: Undo) => Promise<string>): Promise<Running> {
  const undo: Undo = [];
  const stop = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    return { readyLine: await bringUp(undo), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
