import { useAuthActions } from "@convex-dev/auth/react";
import { LogOut, Monitor, Moon, Sun, type LucideIcon } from "lucide-react";
import { useState } from "react";
import { useMe } from "@/accounts/MeProvider";
import { chooseTheme, useTheme, type ThemeChoice } from "@/lib/theme";
import { t } from "@/messages/translate";

type Action = { label: string; icon: LucideIcon; run: () => void };

const NEXT: Record<ThemeChoice, { choice: ThemeChoice; label: string; icon: LucideIcon }> = {
  system: { choice: "light", label: t("shell.useLightTheme"), icon: Sun },
  light: { choice: "dark", label: t("shell.useDarkTheme"), icon: Moon },
  dark: { choice: "system", label: t("shell.useSystemTheme"), icon: Monitor },
};

/** The next theme and the sign-out. `asking` belongs to `GuestSignOutDialog`, because guests are asked first. */
export function useAccountActions() {
  const { isAnonymous } = useMe();
  const { signOut } = useAuthActions();
  const { choice } = useTheme();
  const [asking, setAsking] = useState(false);
  const next = NEXT[choice];
  const theme: Action = { label: next.label, icon: next.icon, run: () => chooseTheme(next.choice) };
  const leave: Action = {
    label: t("accounts.signOut"),
    icon: LogOut,
    run: () => (isAnonymous ? setAsking(true) : void signOut()),
  };
  return { theme, leave, asking, setAsking };
}
