/**
 * The news of the guest id that a transaction has for its route, so that the route sends the cookie: it was issued or
 * renewed. It is a header of the answer that the route takes off, so it never leaves the deployment.
 */
export const GUEST_NOTICE = "x-guest-notice";

export type GuestNotice = { [GUEST_NOTICE]?: "issued" | "renewed" };
