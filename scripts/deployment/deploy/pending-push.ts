import type { SchemaBuild } from "../documents";
import type { ComponentInstance } from "../functions";
import type { AnalyzedDefinition } from "./analyze";
import type { PushRequest } from "./push-request";

/**
 * A push between start and finish. Nothing of it is served. New tables and half-built indexes of its schemas are stored
 * already; what is unfinished is removed when it is dropped or at the next start.
 */
export interface PendingPush {
  id: string;
  request: PushRequest;
  definitions: Map<string, AnalyzedDefinition>;
  components: ComponentInstance[];
  envVersion: number;
  /** Components there were when it started: building schemas makes new ones. */
  knownComponents: string[];
  /** Schema builds by component path, made when the CLI first waits for them or finishes. */
  builds: Map<string, SchemaBuild> | null;
  /** It can no longer be finished: another was first, its schema failed, or it was a trial. */
  dropped: boolean;
}
