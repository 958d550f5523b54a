import type { Bench } from "./bench";
import { benchSessionChecks } from "./session-checks";
import { benchSignIns } from "./sign-ins";

/** Accounts: what signing in costs others, and whether checking a session gets slower as sessions pile up. */
export async function benchAccounts(bench: Bench): Promise<void> {
  await benchSignIns(bench);
  await benchSessionChecks();
}
