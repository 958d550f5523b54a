import { readCrons, type DeclaredCron } from "../jobs";
import type { ComponentInstance } from "../functions";
import type { AuthProvider } from "../identity";
import type { EvaluatedModule } from "../isolate";
import type { MetaStore } from "../storage";

const KEY = "push/served";

/** A module by reference: its text is stored once under its hash. */
export interface ModuleRef {
  path: string;
  environment: "isolate" | "node";
  /** Hex SHA-256 of source followed by source map, as the CLI computes it. */
  hash: string;
}

interface ServedDefinition {
  modules: ModuleRef[];
  analysis: Record<string, EvaluatedModule>;
}

/** Everything the last finished push made of the deployment, as it is kept over restarts. */
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

export function readServed(meta: MetaStore): ServedCode {
  const text = meta.get(KEY);
  return text === null ? NOTHING_SERVED : (JSON.parse(text) as ServedCode);
}

export function writeServed(meta: MetaStore, served: ServedCode): void {
  meta.put(KEY, JSON.stringify(served));
}
