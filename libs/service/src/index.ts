export { createServiceApp, type ServiceAppOptions } from './create-service-app.js';
export { EnvironmentProblem, field, readEnvironment, SERVICE_ENVIRONMENT } from './environment.js';
export { type BuiltService, runService, type ServiceProgram } from './run-service.js';
