import { lazyPart } from "./lib/lazyPart";

/** The part of the application behind the sign-in, which visitors need not wait for. */
export const SignedInApp = lazyPart(() => import("./SignedInApp"), "SignedInApp", { page: true });
