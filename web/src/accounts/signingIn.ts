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
