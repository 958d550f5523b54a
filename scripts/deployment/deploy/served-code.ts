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
 * The result of the last finished push, as it is kept over restarts; except the texts of its modules,
 * which are stored by hash (`module-texts.ts`), and its schemas, which the catalog has (`documents/`).
 */
export interface ServedCode {
  definitions: Record<string, ServedDefinition>;
  components: ComponentInstance[];
  auth: AuthProvider[];
  udfServerVersion: string | null;
  nodeVersion: string | null;
}

const NOTHING_SERVED: ServedCode = {
  definitions: { "": { modules: [], analysis: {} } },
  components: [{ path: "", definitionPath: "", children: {}, httpPrefix: null, env: {} }],
  auth: [],
  udfServerVersion: null,
  nodeVersion: null,
};

/** The crons that the served code declares. */
export const listDeclaredCrons = ({ components, definitions }: ServedCode): DeclaredCron[] =>
  components.flatMap(({ path: component, definitionPath }) =>
    Object.entries(readCrons(definitions[definitionPath]!.analysis)).map(([identifier, definition]) => ({
      component,
      identifier,
      definition,
    })),
  );

/** The code that is served once the push is finished. */
export function makeServedCode(push: PendingPush): ServedCode {
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

export function readServed(meta: MetaStore): ServedCode {
  const text = meta.get(KEY);
  return text === null ? NOTHING_SERVED : (JSON.parse(text) as ServedCode);
}

export function writeServed(meta: MetaStore, served: ServedCode): void {
  meta.put(KEY, JSON.stringify(served));
}
