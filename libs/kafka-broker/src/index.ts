export { findKafka, type FoundKafka, type MissingKafka } from './find-kafka.js';
export { startKafkaBroker, type KafkaBroker, type KafkaBrokerOptions } from './broker.js';
export { freePort } from './free-port.js';
