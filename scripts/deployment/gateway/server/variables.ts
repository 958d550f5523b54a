import type { Environment, EnvironmentChange, PushService } from "../../deploy";
import { HttpError } from "../../lib";
import type { Store } from "../../transactions";

/** Serves a change of environment variables: all of `changes` or, when one is refused, none. */
export async function updateVariables(
  { env, push, store }: { env: Environment; push: PushService; store: Store },
  { changes: given }: Record<string, unknown>,
): Promise<void> {
  if (!Array.isArray(given)) throw new HttpError(400, "BadJsonBody", 'Field "changes" must be an array.');
  const changes = given.map(readChange);
  // Checked before anything changes: without a variable that the auth config reads, nobody could sign in.
  await push.evaluateServedAuth(env.preview(changes));
  env.update(changes, (writes) => store.groupCommit(writes));
  // Once more, for what else has changed meanwhile.
  push.serveAuth(await push.evaluateServedAuth(env.all()));
}

function readChange(raw: unknown): EnvironmentChange {
  const { name, value } = (raw ?? {}) as { name?: unknown; value?: unknown };
  if (typeof name !== "string") throw new HttpError(400, "BadJsonBody", 'Field "changes[].name" must be a string.');
  if (value !== null && value !== undefined && typeof value !== "string")
    throw new HttpError(400, "BadJsonBody", `The value of ${name} must be a string or null.`);
  return { name, value: value ?? null };
}
