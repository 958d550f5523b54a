/** Every live function the application calls. One place, so that a page never names a function by text. */
export { api } from "@convex/_generated/api";

/** ms since the epoch, or RFC 3339 text; read it with `instant`. */
export type Instant = number | string;
