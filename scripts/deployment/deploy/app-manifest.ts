import { readCrons, type DeclaredCron } from "../jobs";
import type { ComponentInstance } from "../functions";
import type { AuthProvider } from "../identity";
import type { EvaluatedModule } from "../isolate";
import type { MetaStore } from "../storage";
import { makeModuleRef, type ModuleRef } from "./module-texts";
import type { PendingPush } from "./pending-push";

const KEY = "push/served";

interface ServedDefinition {
  modules: ModuleRef[];
  analysis: Record<string, EvaluatedModule>;
}

/**
 * The result of the last finished push, as it is kept over restarts: its modules by hash, whose texts are stored apart
 * (`module-texts.ts`), and without its schemas, which the catalog has (`documents/`).
 */
export interface AppManifest {
  definitions: Record<string, ServedDefinition>;
  components: ComponentInstance[];
  auth: AuthProvider[];
  udfServerVersion: string | null;
  nodeVersion: string | null;
}

const NOTHING_SERVED: AppManifest = {
  definitions: { "": { modules: [], analysis: {} } },
  components: [{ path: "", definitionPath: "", children: {}, httpPrefix: null, env: {} }],
  auth: [],
  udfServerVersion: null,
  nodeVersion: null,
};

/** The crons that the app declares. */
export const listDeclaredCrons = ({ components, definitions }: AppManifest): DeclaredCron[] =>
  components.flatMap(({ path: component, definitionPath }) =>
    Object.entries(readCrons(definitions[definitionPath]!.analysis)).map(([identifier, definition]) => ({
      component,
      identifier,
      definition,
    })),
  );

/** The manifest of the app that is served once the push is finished. */
export function makeManifest(push: PendingPush): AppManifest {
  return {
    definitions: Object.fromEntries(
      [...push.definitions].map(([path, { source, analysis }]) => [
        path,
        { modules: source.modules.map(makeModuleRef), analysis },
      ]),
    ),
    components: push.components,
    auth: push.definitions.get("")!.auth,
    udfServerVersion: push.request.udfServerVersion,
    nodeVersion: push.request.nodeVersion,
  };
}

export function readManifest(meta: MetaStore): AppManifest {
  const text = meta.get(KEY);
  return text === null ? NOTHING_SERVED : (JSON.parse(text) as AppManifest);
}

export function writeManifest(meta: MetaStore, manifest: AppManifest): void {
  meta.put(KEY, JSON.stringify(manifest));
}
