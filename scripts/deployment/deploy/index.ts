/** Pushes: analysis, components, schema changes, the manifest and the environment variables. */
export { Environment, type EnvironmentChange } from "./environment";
export { PushService } from "./push-service";
export { listDeclaredCrons, type AppManifest } from "./app-manifest";
