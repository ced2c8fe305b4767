export {
  testDatabase,
  emptyTestDatabase,
  stopTestServer,
  type TestDatabase,
} from './test-database.js';
export { ownServer, type OwnDatabase, type OwnServer } from './own-server.js';
export { FixedClock } from './fixed-clock.js';
export { joinDatabase } from './join-database.js';
export { eventually } from './eventually.js';
export { REPOSITORY_ROOT } from './repository-root.js';
export {
  startStuiver,
  type RunningStuiver,
  type StartOptions,
  type DemoMerchant,
  type DemoPayer,
} from './start-stuiver.js';
export { FakeConnect } from './fake-connect.js';
export { FakePsp } from './fake-psp.js';
export { FakeLedger } from './fake-ledger.js';
export { Browser, type Visit } from './headless-browser.js';
export { pdfText } from './pdf-text.js';
