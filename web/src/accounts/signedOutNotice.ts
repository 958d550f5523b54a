import { inTab, recall, remember } from "@/lib/storage";
import { t } from "@/messages/translate";

const KEY = "signed-out";

const WORDS: Record<string, string> = {
  ended_by_user: t("accounts.endedByUser"),
  not_me: t("accounts.endedNotMe"),
  password_changed: t("accounts.endedByPassword"),
  expired: t("accounts.endedIdle"),
  migrated: t("accounts.endedMoved"),
};

/** Keeps the reason for the end of the session, for the sign-in page. `reason` is the server's code. */
export const keepNotice = (reason: unknown): void => {
  if (reason === "signed_out") return;
  remember(KEY, (typeof reason === "string" && WORDS[reason]) || t("accounts.ended"), inTab);
};

export const readNotice = (): string | null => recall(KEY, inTab);
export const clearNotice = (): void => remember(KEY, null, inTab);
