import { useAuthActions } from "@convex-dev/auth/react";
import { LogOut, Monitor, Moon, Settings, Sun } from "lucide-react";
import { useState } from "react";
import { useNavigate } from "react-router";
import { GuestSignOutDialog } from "@/accounts/GuestSignOutDialog";
import { nameOf, useMe } from "@/accounts/MeProvider";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { chooseTheme, useTheme, type ThemeChoice } from "@/lib/theme";
import { t } from "@/messages/translate";

const NEXT: Record<ThemeChoice, { choice: ThemeChoice; label: string; icon: typeof Sun }> = {
  system: { choice: "light", label: t("shell.useLightTheme"), icon: Sun },
  light: { choice: "dark", label: t("shell.useDarkTheme"), icon: Moon },
  dark: { choice: "system", label: t("shell.useSystemTheme"), icon: Monitor },
};

export function UserMenu() {
  const me = useMe();
  const navigate = useNavigate();
  const { signOut } = useAuthActions();
  const { choice } = useTheme();
  const [asking, setAsking] = useState(false);
  const next = NEXT[choice];
  return (
    <>
      <DropdownMenu>
        <DropdownMenuTrigger className="mt-2 flex items-center gap-2.5 rounded-control p-2 text-left text-sm hover:bg-surface-muted">
          <span className="grid size-8 shrink-0 place-items-center rounded-full bg-accent-soft text-xs font-semibold text-accent-text uppercase">
            {nameOf(me).slice(0, 2)}
          </span>
          <span className="min-w-0">
            <span className="block truncate font-medium">{nameOf(me)}</span>
            <span className="block truncate text-xs text-muted-foreground">{me.email ?? t("shell.noAccount")}</span>
          </span>
        </DropdownMenuTrigger>
        <DropdownMenuContent side="top" align="start">
          <DropdownMenuLabel>{me.tenant.name}</DropdownMenuLabel>
          <DropdownMenuItem onSelect={() => void navigate("/settings")}>
            <Settings />
            {t("shell.settings")}
          </DropdownMenuItem>
          <DropdownMenuItem onSelect={() => chooseTheme(next.choice)}>
            <next.icon /> {next.label}
          </DropdownMenuItem>
          <DropdownMenuSeparator />
          <DropdownMenuItem onSelect={() => (me.isAnonymous ? setAsking(true) : void signOut())}>
            <LogOut />
            {t("accounts.signOut")}
          </DropdownMenuItem>
        </DropdownMenuContent>
      </DropdownMenu>
      <GuestSignOutDialog open={asking} onOpenChange={setAsking} />
    </>
  );
}
