import { useAuthActions } from "@convex-dev/auth/react";
import { createContext, useContext, useEffect, useEffectEvent, type ReactNode } from "react";
import { ErrorState } from "@/components/states";
import { api } from "@/lib/api";
import { useQueryState } from "@/lib/live/useQueryState";
import { t } from "@/messages/translate";
import type { Me } from "./api";
import { keepNotice } from "./signedOutNotice";
import { isChangingSession } from "./signingIn";

const Context = createContext<Me | null>(null);

/**
 * Provides the signed-in user, live. When the session ends, here or from another device, this signs the device out at
 * once and keeps the reason for the sign-in page.
 */
export function MeProvider({ loading, children }: { loading: ReactNode; children: ReactNode }) {
  const { signOut } = useAuthActions();
  const me = useQueryState(api.accounts.users.me, {});
  const failure = me.kind === "error" ? me.failure : null;
  const ended =
    failure?.code === "SESSION_REVOKED" || failure?.code === "UNAUTHENTICATED" || (me.kind === "ready" && !me.data);
  const leave = useEffectEvent(() => {
    if (isChangingSession()) return;
    if (failure) keepNotice(failure.data.reason);
    void signOut();
  });
  useEffect(() => {
    if (ended) leave();
  }, [ended]);

  if (me.kind === "error" && !ended)
    return (
      <main className="grid min-h-dvh place-items-center">
        <ErrorState failure={me.failure} retry={me.retry} />
      </main>
    );
  if (me.kind !== "ready" || !me.data) return <>{loading}</>;
  return <Context value={me.data}>{children}</Context>;
}

export function useMe(): Me {
  const me = useContext(Context);
  if (!me) throw new Error("useMe needs a MeProvider above it.");
  return me;
}

export const usePermission = (permission: string): boolean => useMe().permissions.includes(permission);

/** The name to show for a user: full name, else username; "Guest" for guests. */
export function nameOf(me: Pick<Me, "firstName" | "lastName" | "username" | "isAnonymous">): string {
  const full = [me.firstName, me.lastName].filter(Boolean).join(" ");
  return full || (me.isAnonymous ? t("accounts.guest") : me.username);
}
