/** `npm run rotate:keys`: a new key for access tokens; those of the old one work until they expire. */
import { setTimeout as sleep } from "node:timers/promises";
import type { AdminClient } from "./lib/admin";
import { HELP_OPTION, readArguments, wholeNumber } from "./lib/arguments";
import { findNamedDeployment } from "./lib/start/named-deployment";
import { step } from "./lib/start/progress";
import { endOldKeys, finishRotation, KeyWithoutId, planRotation, type SigningKeys } from "./lib/start/signing-keys";

const HELP = `npm run rotate:keys -- [options]     sign access tokens with a new key

  --wait SECONDS   between publishing the new key and signing with it, so that whoever verifies tokens has read it
                   (60; the document with the keys may be cached for half a minute)
  --finish         take old keys out of that document whose tokens have all expired. npm start does so too
  --end-old        end all keys but the one that signs, at once, with their tokens: for a key that somebody else has.
                   Clients of those tokens get new ones by themselves, as after any token's end
  --help           this text

Nobody is signed out: sessions do not depend on these keys, and tokens of the old one work until they expire, 15
minutes. The deployment is that of .env.local, or of CONVEX_SELF_HOSTED_URL and CONVEX_SELF_HOSTED_ADMIN_KEY; for
Convex Cloud those are the deployment's URL and a deploy key.`;

async function main(): Promise<void> {
  const { values: flags } = readArguments({
    options: {
      wait: { type: "string", default: "60" },
      finish: { type: "boolean", default: false },
      "end-old": { type: "boolean", default: false },
      help: HELP_OPTION,
    },
  });
  if (flags.help) return console.log(HELP);
  const waitSeconds = wholeNumber("--wait", flags.wait);
  if (flags.finish && flags["end-old"]) throw new Error("--finish and --end-old exclude each other; see --help.");
  const admin = findNamedDeployment();
  const present = await readKeys(admin);
  if (flags.finish) return await end(admin, finishRotation(present));
  if (flags["end-old"]) return await end(admin, endOldKeys(present));
  await rotate(admin, present, waitSeconds);
}

async function readKeys(admin: AdminClient): Promise<SigningKeys> {
  const { JWT_PRIVATE_KEY, JWKS } = await admin.environment();
  if (!JWT_PRIVATE_KEY || !JWKS)
    throw new Error("The deployment lacks JWT_PRIVATE_KEY or JWKS: npm start, or npx @convex-dev/auth, sets them.");
  return { JWT_PRIVATE_KEY, JWKS };
}

async function rotate(admin: AdminClient, present: SigningKeys, waitSeconds: number): Promise<void> {
  const { announced, taken, overAt } = await planned(admin, present, waitSeconds);
  await step("publish the new key", () => admin.setEnvironment(announced));
  if (waitSeconds > 0) await step("wait until it is known", () => sleep(waitSeconds * 1000));
  await step("sign with it", () => admin.setEnvironment({ ...taken }));
  console.log(`Tokens of the old key work until they expire, the last one at ${overAt.toISOString()}.`);
  console.log("Then: npm run rotate:keys -- --finish");
}

async function planned(admin: AdminClient, present: SigningKeys, waitSeconds: number) {
  try {
    return planRotation(present, waitSeconds);
  } catch (error) {
    if (error instanceof KeyWithoutId) await admin.setEnvironment(error.named);
    throw error;
  }
}

async function end(admin: AdminClient, { JWKS, ended }: { JWKS: string; ended: number }): Promise<void> {
  if (ended > 0) await admin.setEnvironment({ JWKS });
  console.log(ended === 0 ? "There is no old key." : `Old keys ended: ${ended}.`);
}

main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  console.error(
    message === "fetch failed" ? `No deployment answers at ${process.env.CONVEX_SELF_HOSTED_URL}.` : message,
  );
  process.exitCode = 1;
});
