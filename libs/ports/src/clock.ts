/** The time of day. Business code never asks the platform for it, so a test can move it. */
export interface Clock {
  now(): Date;
}

export class SystemClock implements Clock {
  now(): Date {
    return new Date();
  }
}
