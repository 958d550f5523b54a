/**
 * The seams of the embedded deployment. Four folders meet only here:
 *
 *   data/    documents, indexes, schemas, transactions on LMDB         exports `openStore(dir): Store`
 *   run/     sandboxes, syscalls, turns, query cache, actions          exports `createEngine(store, options): Engine`
 *   deploy/  pushes (deploy2), analysis, components, scheduler, crons
 *   serve/   WebSocket sync, HTTP API, HTTP actions, auth, logs, `startDeployment(options): Deployment`
 *
 * JSON everywhere is Convex JSON (`$integer`, `$bytes`, `$float`), as `convex/values` writes it. Documents and results
 * cross seams as JSON *text*, because the sandbox parses text anyway: storing and passing text skips two conversions.
 */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export interface JsonObject {
  [key: string]: Json;
}
