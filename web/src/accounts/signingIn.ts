import { inTab, recall, remember } from "@/lib/storage";

/**
 * A guest who signs in gets a new session, and the old one ends in the same instant. Its failing live queries must not
 * sign out the new session.
 */
const GRACE_MS = 5_000;

let underWay = 0;
let lastEndedAt = -Infinity;

/** Runs a sign-in; `isChangingSession` is true until shortly after. */
export async function whileSigningIn<Result>(signIn: () => Promise<Result>): Promise<Result> {
  underWay++;
  try {
    return await signIn();
  } finally {
    underWay--;
    lastEndedAt = performance.now();
  }
}

/** True when a sign-in in this tab has just replaced the session that ended. */
export const isChangingSession = (): boolean => underWay > 0 || performance.now() - lastEndedAt < GRACE_MS;

const SIGNING_UP = "signing-up";

/** Runs a sign-up. A reload in the midst of it leaves a mark, because the account may exist by then. */
export async function whileSigningUp<Result>(signUp: () => Promise<Result>): Promise<Result> {
  remember(SIGNING_UP, "yes", inTab);
  try {
    return await signUp();
  } finally {
    remember(SIGNING_UP, null, inTab);
  }
}

/** True once after a sign-up that a reload interrupted. */
export function takeInterruptedSignUp(): boolean {
  const wasInterrupted = recall(SIGNING_UP, inTab) !== null;
  remember(SIGNING_UP, null, inTab);
  return wasInterrupted;
}
