import { type Catalog, listDocumentTypes, mustWalk, type SchemaJson } from "../documents";
import type { AuthProvider } from "../identity";
import { CRONS, readCrons } from "../jobs";
import type { Store } from "../transactions";
import type { Json, JsonObject } from "../values";
import type { AnalyzedDefinition } from "./analyze";
import { makeCheckedComponent, makeExportTree } from "./components";
import type { PendingPush } from "./pending-push";
import { compareIndexes, listSchemaIndexes, listSchemaTables } from "./schema-diff";
import type { AppManifest } from "./app-manifest";

/**
 * `StartPushResponse` of the convex package. Unknown fields travel back with finish_push: `pushId` is all we read of
 * it.
 */
export function makeStartPushResponse(
  push: PendingPush,
  environmentVariables: Record<string, string>,
  catalog: Catalog,
): JsonObject {
  const definitions = [...push.definitions];
  return {
    pushId: push.id,
    environmentVariables,
    externalDepsId: null,
    componentDefinitionPackages: Object.fromEntries(definitions.map(([path]) => [path, {}])),
    appAuth: push.definitions.get("")!.auth,
    analysis: Object.fromEntries(definitions.map(([path, analyzed]) => [path, makeAnalysis(path, analyzed)])),
    app: makeCheckedComponent("", push.components, (path) => push.definitions.get(path)!.analysis),
    schemaChange: makeSchemaChange(push, catalog),
  };
}

export function makeSchemaChange(push: PendingPush, catalog: Catalog): JsonObject {
  return { pushId: push.id, allocatedComponentIds: {}, schemaIds: {}, indexDiffs: makeIndexDiffs(push, catalog) };
}

function makeIndexDiffs(push: PendingPush, catalog: Catalog): JsonObject {
  return Object.fromEntries(
    push.components.map(({ path, definitionPath }) => [
      path,
      compareIndexes(findSchemaBefore(catalog, path), push.definitions.get(definitionPath)!.schema) as unknown as Json,
    ]),
  );
}

function findSchemaBefore(catalog: Catalog, component: string): Json | null {
  return catalog.components().includes(component) ? catalog.schema(component) : null;
}

function makeAnalysis(path: string, { source, definition, schema, analysis }: AnalyzedDefinition): Json {
  return {
    definition:
      path === "" ? definition.raw : { ...definition.raw, exports: makeExportTree(analysis) as unknown as Json },
    schema,
    functions: Object.fromEntries(
      Object.values(analysis).map((module) => [
        module.path,
        {
          functions: module.functions
            .filter((fn) => fn.udfType !== "HttpAction")
            .map(({ name, udfType, visibility, args, returns }) => ({
              name,
              pos: null,
              udfType,
              visibility: { kind: visibility ?? "public" },
              args,
              returns,
            })),
          httpRoutes:
            module.httpRoutes?.map(([routePath, method]) => ({
              route: { path: routePath, method },
              pos: null,
            })) ?? null,
          cronSpecs:
            module.path === CRONS
              ? Object.entries(readCrons(analysis)).map(([identifier, cron]) => ({
                  identifier,
                  spec: { udfPath: cron.name, udfArgs: cron.args, cronSchedule: cron.schedule },
                }))
              : null,
          sourceMapped: null,
        },
      ]),
    ),
    udfConfig: {
      serverVersion: "1.0.0",
      importPhaseRngSeed: { $bytes: Buffer.alloc(32).toString("base64") },
      importPhaseUnixTimestamp: { $integer: Buffer.alloc(8).toString("base64") },
    },
    ...(source.definition === null ? {} : { path: source.definition.path }),
  };
}

/** `FinishPushDiff` of the convex package. */
export function makeFinishPushResponse(push: PendingPush, before: AppManifest, catalog: Catalog): JsonObject {
  const oldAuth = formatProviders(before.auth);
  const newAuth = formatProviders(push.definitions.get("")!.auth);
  const oldComponents = new Map(before.components.map((instance) => [instance.path, instance]));
  const diffs: JsonObject = {};
  for (const { path, definitionPath } of push.components) {
    const next = push.definitions.get(definitionPath)!;
    const old = oldComponents.get(path);
    const oldDefinition = old === undefined ? undefined : before.definitions[old.definitionPath];
    const existed = path === "" || push.knownComponents.includes(path);
    diffs[path] = {
      diffType: { type: old !== undefined ? "modify" : existed ? "remount" : "create" },
      moduleDiff: compareNames(
        oldDefinition?.modules.map((module) => module.path) ?? [],
        next.source.modules.map((module) => module.path),
      ),
      udfConfigDiff: null,
      cronDiff: compareCrons(readCrons(oldDefinition?.analysis ?? {}), readCrons(next.analysis)),
      indexDiff: compareIndexes(findSchemaBefore(catalog, path), next.schema) as unknown as Json,
      schemaDiff: null,
    };
  }
  for (const path of oldComponents.keys()) {
    if (push.components.some((instance) => instance.path === path)) continue;
    diffs[path] = {
      diffType: { type: "unmount" },
      moduleDiff: { added: [], removed: [] },
      udfConfigDiff: null,
      cronDiff: { added: [], updated: [], deleted: [] },
      indexDiff: { added_indexes: [], removed_indexes: [] },
      schemaDiff: null,
    };
  }
  return { authDiff: compareNames(oldAuth, newAuth), definitionDiffs: {}, componentDiffs: diffs };
}

function compareNames(before: string[], after: string[]): { added: string[]; removed: string[] } {
  return {
    added: after.filter((name) => !before.includes(name)),
    removed: before.filter((name) => !after.includes(name)),
  };
}

function compareCrons(before: Record<string, unknown>, after: Record<string, unknown>): JsonObject {
  const updated = Object.keys(after).filter(
    (name) => name in before && JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  );
  const { added, removed } = compareNames(Object.keys(before), Object.keys(after));
  return { added, updated, deleted: removed };
}

/**
 * `EvaluateSchemaResponse` of the convex package: what the CLI asks before it warns of slow or costly schema changes.
 */
export function makeEvaluateSchemaResponse(push: PendingPush, store: Store): JsonObject {
  const known = store.catalog.components();
  const tx = store.begin("read");
  const evaluations: JsonObject = {};
  for (const { path, definitionPath } of push.components) {
    const before = findSchemaBefore(store.catalog, path);
    const after = push.definitions.get(definitionPath)!.schema;
    const count = (table: string): number => (known.includes(path) ? tx.count(path, table) : 0);
    const served = listDocumentTypes(before as SchemaJson | null);
    const wanted = listDocumentTypes(after as SchemaJson | null);
    const outcome = (table: string): string => {
      const type = wanted.get(table);
      if (!type) return "notValidated";
      return mustWalk(served.get(table) ?? null, type) ? "mustWalk" : "supersetOfEnforced";
    };
    const diff = compareIndexes(before, after);
    const change = (index: { name: string }): string => {
      const has = (list: { name: string }[]): boolean => list.some((other) => other.name === index.name);
      return has(diff.added_indexes)
        ? "added"
        : has(diff.enabled_indexes)
          ? "enabled"
          : has(diff.disabled_indexes)
            ? "disabled"
            : "identical";
    };
    evaluations[path] = {
      definitionPath,
      schemaValidation: (after as { schemaValidation?: boolean } | null)?.schemaValidation === true,
      tables: listSchemaTables(after).map((table) => ({
        name: table.tableName,
        outcome: outcome(table.tableName),
        numDocs: count(table.tableName),
        sizeBytes: 0,
      })),
      indexes: [
        ...listSchemaIndexes(after).map((index) => ({
          ...index,
          change: change(index),
          needsBackfill: change(index) === "added",
          numDocs: count(index.name.split(".")[0]!),
        })),
        ...diff.removed_indexes.map((index) => ({
          ...index,
          change: "dropped",
          needsBackfill: false,
          numDocs: count(index.name.split(".")[0]!),
        })),
      ] as unknown as Json,
    };
  }
  return {
    componentSchemaEvaluations: evaluations,
    newComponentDefinitions: [...push.definitions.keys()].filter((path) => path !== "" && !known.includes(path)),
  };
}

/** Providers as comparable texts. */
function formatProviders(providers: AuthProvider[]): string[] {
  return providers.map((provider) => JSON.stringify(provider));
}
