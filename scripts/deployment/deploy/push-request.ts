import type { ModuleSource } from "../isolate";
import { HttpError } from "../lib";
import type { ModuleRef } from "./module-texts";

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
  /** Whether Node modules import packages from the disk (`node.externalPackages`), where they may change unseen. */
  usesPackages: boolean;
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
  const app = requireRecord(body["appDefinition"], "appDefinition");
  const modules = readModules(app["changedModules"], "appDefinition.changedModules");
  for (const raw of requireList(app["unchangedModuleHashes"] ?? [], "appDefinition.unchangedModuleHashes")) {
    const entry = requireRecord(raw, "appDefinition.unchangedModuleHashes[]");
    const ref = {
      path: requireText(entry["path"], "path"),
      environment: readEnvironment(entry),
      hash: requireText(entry["sha256"], "sha256"),
    };
    const module = stored(ref);
    if (module === null)
      throw makeInvalidRequestError(
        `Module ${ref.path} is said to be unchanged, but this deployment does not have it. Push again.`,
      );
    modules.push(module);
  }
  return {
    definitions: [
      {
        definitionPath: "",
        definition: readOptionalModule(app["definition"], "appDefinition.definition"),
        dependencies: requireList(app["dependencies"] ?? [], "appDefinition.dependencies").map(String),
        schema: readOptionalModule(app["schema"], "appDefinition.schema"),
        modules,
      },
      ...requireList(body["componentDefinitions"] ?? [], "componentDefinitions").map((raw) => {
        const entry = requireRecord(raw, "componentDefinitions[]");
        return {
          definitionPath: requireText(entry["definitionPath"], "componentDefinitions[].definitionPath"),
          definition: readOptionalModule(entry["definition"], "componentDefinitions[].definition"),
          dependencies: requireList(entry["dependencies"] ?? [], "componentDefinitions[].dependencies").map(String),
          schema: readOptionalModule(entry["schema"], "componentDefinitions[].schema"),
          modules: readModules(entry["functions"], "componentDefinitions[].functions"),
        };
      }),
    ],
    udfServerVersion: requireText(app["udfServerVersion"], "appDefinition.udfServerVersion"),
    nodeVersion: typeof body["nodeVersion"] === "string" ? body["nodeVersion"] : null,
    usesPackages: requireList(body["nodeDependencies"] ?? [], "nodeDependencies").length > 0,
    dryRun: body["dryRun"] === true,
  };
}

function readModules(value: unknown, field: string): ModuleSource[] {
  return requireList(value, field).map((entry, i) => readModule(entry, `${field}[${i}]`));
}

function readOptionalModule(value: unknown, field: string): ModuleSource | null {
  return value === null || value === undefined ? null : readModule(value, field);
}

function readModule(value: unknown, field: string): ModuleSource {
  const entry = requireRecord(value, field);
  const sourceMap = entry["sourceMap"];
  return {
    path: requireText(entry["path"], `${field}.path`),
    source: requireText(entry["source"], `${field}.source`),
    environment: readEnvironment(entry),
    ...(typeof sourceMap === "string" ? { sourceMap } : {}),
  };
}

function readEnvironment(entry: Record<string, unknown>): "isolate" | "node" {
  if (entry["environment"] !== "isolate" && entry["environment"] !== "node") {
    throw makeInvalidRequestError(`Module ${String(entry["path"])}: environment must be "isolate" or "node".`);
  }
  return entry["environment"];
}

function requireRecord(value: unknown, field: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw makeInvalidRequestError(`Field "${field}" must be an object.`);
  return value as Record<string, unknown>;
}

function requireList(value: unknown, field: string): unknown[] {
  if (!Array.isArray(value)) throw makeInvalidRequestError(`Field "${field}" must be an array.`);
  return value;
}

function requireText(value: unknown, field: string): string {
  if (typeof value !== "string") throw makeInvalidRequestError(`Field "${field}" must be a string.`);
  return value;
}

function makeInvalidRequestError(message: string): HttpError {
  return new HttpError(400, "BadPushRequest", message);
}
