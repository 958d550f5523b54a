/** Pushes: analysis, components, schema changes, the served code and the environment variables. */
export { Environment, type EnvironmentChange } from "./environment";
export { PushService } from "./push-service";
export { listDeclaredCrons, type ServedCode } from "./served-code";
