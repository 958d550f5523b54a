/** The app's settings from the environment of `npm start`, which last as long as they are there. */
import { createHash } from "node:crypto";
import { PASSED_ON } from "../settings";

/**
 * The variable in which a start leaves to the next one what it passed on: a digest of each value, by name. A variable
 * with another value by then is an operator's.
 */
const REMEMBERED = "PASSED_ON";

/** A change that makes what was passed on an operator's. */
export const KEEP_PASSED_ON = { [REMEMBERED]: null };

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * The changes to the deployment's variables; null removes one.
 * @param present the deployment's variables
 * @param defaults what they are to be where `environment` says nothing, given those that stay
 */
export function environmentAtStart(
  environment: Variables,
  present: Variables,
  defaults: (staying: Variables) => Record<string, string>,
): Record<string, string | null> {
  const passed: Record<string, string> = {};
  for (const name of PASSED_ON) if (environment[name] !== undefined) passed[name] = environment[name];
  const staying: Record<string, string | undefined> = { ...present };
  const before = JSON.parse(present[REMEMBERED] ?? "{}") as Record<string, string>;
  for (const [name, digest] of Object.entries(before))
    if (present[name] !== undefined && digestOf(present[name]) === digest) delete staying[name];
  const digests = Object.entries(passed).map(([name, value]) => [name, digestOf(value)] as const);
  if (digests.length > 0) staying[REMEMBERED] = JSON.stringify(Object.fromEntries(digests));
  else delete staying[REMEMBERED];
  const wanted: Variables = { ...staying, ...defaults(staying), ...passed };
  const changes: Record<string, string | null> = {};
  for (const name of new Set([...Object.keys(present), ...Object.keys(wanted)]))
    if (wanted[name] !== present[name]) changes[name] = wanted[name] ?? null;
  return changes;
}

const digestOf = (value: string): string => createHash("sha256").update(value).digest("base64url");
