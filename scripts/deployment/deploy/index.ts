export { Environment, type EnvironmentChange } from "./environment";
export { PushService } from "./push-service";
export type { ServedCode } from "./served-code";
