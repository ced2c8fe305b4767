export const STAFF_LOG = Symbol('STAFF_LOG');
