/** A deployment that `npm start` did not start: it is somebody's, so what it has set stays as it is. */
import { adminClient, type AdminClient } from "../admin";
import type { DemoData } from "../demo/seed";
import { webOrigins } from "./environment";
import { cliEnvironment } from "./push";
import { randomKey } from "./secrets";
import { makeSigningKeys } from "./signing-keys";
import { PASSED_ON } from "../settings";

type Variables = Readonly<Record<string, string | undefined>>;

export interface ReachedDeployment {
  admin: AdminClient;
  siteUrl: string;
  cli: NodeJS.ProcessEnv;
}

/**
 * The deployment that the environment names, or null. Where its HTTP actions answer it says itself, unless
 * `CONVEX_SITE_URL` does.
 * @throws Error, one line, when something is missing or it does not answer.
 */
export async function outsideDeployment(environment: Variables): Promise<ReachedDeployment | null> {
  const url = environment.CONVEX_SELF_HOSTED_URL?.replace(/\/+$/, "");
  if (!url) {
    if (!environment.CONVEX_DEPLOYMENT) return null;
    throw new Error("For a Convex Cloud deployment run `npx convex deploy`, then `npm run build`; see the README.");
  }
  const key = environment.CONVEX_SELF_HOSTED_ADMIN_KEY;
  if (!key) throw new Error("CONVEX_SELF_HOSTED_URL is set, but CONVEX_SELF_HOSTED_ADMIN_KEY is not.");
  const admin = adminClient(url, key);
  const siteUrl = environment.CONVEX_SITE_URL || (await admin.siteUrl().catch(unanswered(url)));
  return { admin, siteUrl: siteUrl.replace(/\/+$/, ""), cli: cliEnvironment(url, key) };
}

const unanswered = (url: string) => (error: unknown) => {
  const reason = error instanceof TypeError ? (error.cause ?? error) : error;
  const text = reason instanceof Error ? reason.message : String(reason);
  throw new Error(`The deployment at ${url} does not say where it answers HTTP (${text}).`);
};

/** The variables that the environment of `npm start` and its options set in the deployment. */
export interface Wishes {
  environment: Variables;
  webUrls: string[];
  /** The embedded store's URL, when one was asked for. */
  storeUrl: string | undefined;
}

/**
 * The variables that the deployment lacks, and the names of those that it has set otherwise.
 * @throws Error, one line, when what is set there cannot be made to work without changing it.
 */
export function missingThere(present: Variables, { environment, webUrls, storeUrl }: Wishes) {
  if ((present.JWT_PRIVATE_KEY === undefined) !== (present.JWKS === undefined))
    throw new Error(
      "Of JWT_PRIVATE_KEY and JWKS the deployment has only one: set both (npx @convex-dev/auth) or neither.",
    );
  if (storeUrl !== undefined && (present.PERMANENT_STORE_URL ?? storeUrl) !== storeUrl)
    throw new Error("The deployment has its PERMANENT_STORE_URL, which stays: start without --embedded-store.");
  const wanted: Record<string, string | undefined> = {
    SITE_URL: webUrls[0],
    CORS_ALLOWED_ORIGINS: webOrigins(webUrls, present.SITE_URL ?? environment.SITE_URL),
    PERMANENT_STORE_URL: storeUrl,
  };
  for (const name of PASSED_ON) if (environment[name] !== undefined) wanted[name] = environment[name];
  const secrets: Variables = { SERVICE_KEY: randomKey(), ...(present.JWKS === undefined ? makeSigningKeys() : {}) };
  const missing = Object.fromEntries(
    Object.entries({ ...secrets, ...wanted }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && present[entry[0]] === undefined,
    ),
  );
  const left = Object.keys(wanted).filter((name) => present[name] !== undefined && present[name] !== wanted[name]);
  return { missing, left: left.sort() };
}

/** Sets what is missing and says in one line what was left alone. */
export async function configureOutside(
  admin: AdminClient,
  wishes: Wishes,
  seed: boolean,
): Promise<{ demoData: DemoData }> {
  const present = await admin.environment();
  const { missing, left } = missingThere(present, wishes);
  await admin.setEnvironment(missing);
  if (left.length > 0) console.log(`    Left as set there: ${left.join(", ")}.`);
  if (!(present.PERMANENT_STORE_URL ?? missing.PERMANENT_STORE_URL))
    console.log("    No permanent store: PERMANENT_STORE_URL is not set there, and what is to be stored waits.");
  return { demoData: present.DEMO_DATA === "seeded" ? "seeded" : seed ? "wanted" : "none" };
}
