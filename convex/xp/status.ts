/** The names of ends of a focus session, which focus and the permanent store share; the browser uses them too. */
import type { CompletedReason } from "./shapes";

/** `abandoned` exactly when the reason is (focus/README §5.3). */
export const toStatus = (reason: CompletedReason): "completed" | "abandoned" =>
  reason === "abandoned" ? "abandoned" : "completed";
