/**
 * A guest who signs in gets a new session, and the old one ends in the same instant: that its live queries fail must not
 * sign the new one out.
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

/** Whether an ended session is what a sign-in in this tab has just replaced. */
export const isChangingSession = (): boolean => underWay > 0 || performance.now() - lastEndedAt < GRACE_MS;
