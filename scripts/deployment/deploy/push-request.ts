import type { ModuleSource } from "../isolate";
import { HttpError } from "../lib";
import type { ModuleRef } from "./served-code";

/** One component's code as the CLI bundled it. */
export interface DefinitionSource {
  /** "" for the app. */
  definitionPath: string;
  /** `convex.config.js`, or null when the app has none. */
  definition: ModuleSource | null;
  /** Definition paths of the components it uses. */
  dependencies: string[];
  schema: ModuleSource | null;
  modules: ModuleSource[];
}

export interface PushRequest {
  definitions: DefinitionSource[];
  udfServerVersion: string;
  nodeVersion: string | null;
  dryRun: boolean;
}

/**
 * Reads `StartPushRequest` of the convex package.
 * @param stored finds the text of a module that the CLI knows to be unchanged.
 * @throws HttpError 400 naming the field or module.
 */
export function parsePushRequest(
  body: Record<string, unknown>,
  stored: (ref: ModuleRef) => ModuleSource | null,
): PushRequest {
  const app = record(body["appDefinition"], "appDefinition");
  const modules = moduleList(app["changedModules"], "appDefinition.changedModules");
  for (const raw of list(app["unchangedModuleHashes"] ?? [], "appDefinition.unchangedModuleHashes")) {
    const entry = record(raw, "appDefinition.unchangedModuleHashes[]");
    const ref = {
      path: text(entry["path"], "path"),
      environment: environmentOf(entry),
      hash: text(entry["sha256"], "sha256"),
    };
    const module = stored(ref);
    if (module === null)
      throw invalid(`Module ${ref.path} is said to be unchanged, but this deployment does not have it. Push again.`);
    modules.push(module);
  }
  return {
    definitions: [
      {
        definitionPath: "",
        definition: optionalModule(app["definition"], "appDefinition.definition"),
        dependencies: list(app["dependencies"] ?? [], "appDefinition.dependencies").map(String),
        schema: optionalModule(app["schema"], "appDefinition.schema"),
        modules,
      },
      ...list(body["componentDefinitions"] ?? [], "componentDefinitions").map((raw) => {
        const entry = record(raw, "componentDefinitions[]");
        return {
          definitionPath: text(entry["definitionPath"], "componentDefinitions[].definitionPath"),
          definition: optionalModule(entry["definition"], "componentDefinitions[].definition"),
          dependencies: list(entry["dependencies"] ?? [], "componentDefinitions[].dependencies").map(String),
          schema: optionalModule(entry["schema"], "componentDefinitions[].schema"),
          modules: moduleList(entry["functions"], "componentDefinitions[].functions"),
        };
      }),
    ],
    udfServerVersion: text(app["udfServerVersion"], "appDefinition.udfServerVersion"),
    nodeVersion: typeof body["nodeVersion"] === "string" ? body["nodeVersion"] : null,
    dryRun: body["dryRun"] === true,
  };
}

function moduleList(value: unknown, field: string): ModuleSource[] {
  return list(value, field).map((entry, i) => moduleOf(entry, `${field}[${i}]`));
}

function optionalModule(value: unknown, field: string): ModuleSource | null {
  return value === null || value === undefined ? null : moduleOf(value, field);
}

function moduleOf(value: unknown, field: string): ModuleSource {
  const entry = record(value, field);
  const sourceMap = entry["sourceMap"];
  return {
    path: text(entry["path"], `${field}.path`),
    source: text(entry["source"], `${field}.source`),
    environment: environmentOf(entry),
    ...(typeof sourceMap === "string" ? { sourceMap } : {}),
  };
}

function environmentOf(entry: Record<string, unknown>): "isolate" | "node" {
  if (entry["environment"] !== "isolate" && entry["environment"] !== "node") {
    throw invalid(`Module ${String(entry["path"])}: environment must be "isolate" or "node".`);
  }
  return entry["environment"];
}

function record(value: unknown, field: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw invalid(`Field "${field}" must be an object.`);
  return value as Record<string, unknown>;
}

function list(value: unknown, field: string): unknown[] {
  if (!Array.isArray(value)) throw invalid(`Field "${field}" must be an array.`);
  return value;
}

function text(value: unknown, field: string): string {
  if (typeof value !== "string") throw invalid(`Field "${field}" must be a string.`);
  return value;
}

function invalid(message: string): HttpError {
  return new HttpError(400, "BadPushRequest", message);
}
