/** Named lines at which a test may kill the process, as a power cut would. Sandbox only. */
export interface CrashPoints {
  /** Dies with SIGKILL here when this point was named; otherwise does nothing. */
  pass(point: string): void;
}

export class NoCrashPoints implements CrashPoints {
  pass(): void {
    /* no point was named */
  }
}

/** @param named  the point to die at; undefined: none. */
export function crashPointsOf(named: string | undefined): CrashPoints {
  return named === undefined ? new NoCrashPoints() : new CrashAtNamedPoint(named);
}

export class CrashAtNamedPoint implements CrashPoints {
  constructor(private readonly named: string) {}

  pass(point: string): void {
    if (point === this.named) process.kill(process.pid, 'SIGKILL');
  }
}
