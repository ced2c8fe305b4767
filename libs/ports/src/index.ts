export { type Clock, SystemClock } from './clock.js';
export { type Random, SystemRandom } from './random.js';
export { type Log, type LogFields, SilentLog } from './log.js';
export {
  type CrashPoints,
  CrashAtNamedPoint,
  crashPointsOf,
  NoCrashPoints,
} from './crash-points.js';
export { type CheckpointKey, type KeyStore, type PlatformKey } from './key-store.js';
export {
  type Trace,
  childOf,
  currentTrace,
  newTraceparent,
  traceIdOf,
  withTrace,
} from './trace.js';
export { type Gauges, type GaugeSource, type Reading } from './gauges.js';
export { actAs, type Actor, currentActor } from './acting.js';
export {
  AUDIT_ACTS,
  type AuditAct,
  type AuditEntry,
  type AuditFacts,
  type AuditSubject,
  type AuditWrites,
} from './audit.js';
