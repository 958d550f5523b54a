/** The app's settings from the environment of `npm start`, which last as long as they are there. */
import { createHash } from "node:crypto";
import { PASSED_ON } from "../settings";

/**
 * The variable in which a start leaves to the next one what it passed on: a digest of each value, by name. A variable
 * with another value by then is an operator's.
 */
const REMEMBERED = "PASSED_ON";

/** Defaults that come from settings of the start and follow them, so that they are left to the next one likewise. */
const FOLLOWING = ["SITE_URL", "CORS_ALLOWED_ORIGINS"];

/** A change that makes what was passed on an operator's. */
export const KEEP_PASSED_ON = { [REMEMBERED]: null };

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * The changes to the deployment's variables; null removes one.
 * @param present the deployment's variables
 * @param defaults what they are to be where `environment` says nothing, given those that stay or come from it
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
  delete staying[REMEMBERED];
  const wanted: Record<string, string | undefined> = { ...staying, ...defaults({ ...staying, ...passed }), ...passed };
  const followed = FOLLOWING.filter((name) => staying[name] === undefined && wanted[name] !== undefined);
  const digests = [...new Set([...Object.keys(passed), ...followed])].map((name) => [name, digestOf(wanted[name]!)]);
  if (digests.length > 0) wanted[REMEMBERED] = JSON.stringify(Object.fromEntries(digests));
  const changes: Record<string, string | null> = {};
  for (const name of new Set([...Object.keys(present), ...Object.keys(wanted)]))
    if (wanted[name] !== present[name]) changes[name] = wanted[name] ?? null;
  return changes;
}

const digestOf = (value: string): string => createHash("sha256").update(value).digest("base64url");

/** The default of `CORS_ALLOWED_ORIGINS`: where the web application is served, and where people reach it. */
export function webOrigins(webUrls: readonly string[], siteUrl: string | undefined): string {
  const urls = siteUrl !== undefined && URL.canParse(siteUrl) ? [...webUrls, siteUrl] : webUrls;
  return [...new Set(urls.map((url) => new URL(url).origin))].join(",");
}
