/** What the end of a focus session is called, which focus and the permanent store share; the browser uses it too. */
import type { CompletedReason } from "./shapes";

/** `abandoned` exactly when the reason is (focus/README §5.3). */
export const toStatus = (reason: CompletedReason): "completed" | "abandoned" =>
  reason === "abandoned" ? "abandoned" : "completed";
