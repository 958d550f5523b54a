import type { EvaluatedModule, ModuleSource } from "../isolate";

/** One component definition's code. Code is per definition, data per component path. */
export interface DefinitionCode {
  definitionPath: string;
  modules: ModuleSource[];
  /** The results of analysis, by module path: drive `resolve` without evaluating anything. */
  analysis: Record<string, EvaluatedModule>;
}

export interface ComponentInstance {
  /** "" for the app, "a/b" below. */
  path: string;
  definitionPath: string;
  /** Child name → component path. */
  children: Record<string, string>;
  /** Mounted under this prefix on the app's HTTP router, if any. */
  httpPrefix: string | null;
  /** Bindings from `app.use(c, {env})`; the app itself sees all environment variables. */
  env: Record<string, { type: "value"; value: string } | { type: "envVar"; name: string }>;
}

export interface AppSources {
  definitions: Record<string, DefinitionCode>;
  components: ComponentInstance[];
  /** npm packages for "use node" modules come from here (`<project>/node_modules`). */
  nodeModulesDir: string | null;
}
