import { v } from "convex/values";
import { action } from "../_generated/server";

export { experimental_reuseContext } from "../lib/contexts";

/**
 * The server's time in ms since the epoch, by which clients measure how far their own clock is off. An action, because
 * a query's answer may be older than the question. Says nothing about anybody, so nobody is asked who they are.
 */
export const now = action({ args: {}, returns: v.number(), handler: async () => Date.now() });
