export { openDatabase, type Database, type DatabaseOptions } from './database.js';
export { onConnection } from './on-connection.js';
export { migrate, type MigrateOptions } from './migrate.js';
export { prepareDatabase, roleUrl, SERVICE_SCHEMAS, type ServiceSchema } from './roles.js';
export { findBinaries } from './embedded-binaries.js';
export { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded.js';
export { ensureDatabase } from './ensure-database.js';
