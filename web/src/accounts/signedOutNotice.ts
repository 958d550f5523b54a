import { inTab, recall, remember } from "@/lib/storage";

const KEY = "signed-out";

const WORDS: Record<string, string> = {
  ended_by_user: "This device was signed out from another of your devices.",
  not_me: "This device was signed out: its sign-in was reported as not yours.",
  password_changed: "The password was changed, which signed out this device. Sign in with the new one.",
  expired: "You were signed out after a while without use.",
  migrated: "This session moved to another device.",
};

/** Keeps why this device was signed out, for the sign-in page. `reason` is the server's word for it. */
export const keepNotice = (reason: unknown): void => {
  if (reason === "signed_out") return;
  remember(KEY, (typeof reason === "string" && WORDS[reason]) || "This session has ended.", inTab);
};

export const readNotice = (): string | null => recall(KEY, inTab);
export const clearNotice = (): void => remember(KEY, null, inTab);
