export { KafkaBus, type KafkaBusOptions } from './kafka-bus.js';
export { DEAD_LETTER_TOPIC, DEAD_LETTERS_KEPT_MS, EVENTS_KEPT_MS, PARTITIONS } from './topics.js';
