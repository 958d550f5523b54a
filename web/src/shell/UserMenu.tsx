import { Settings } from "lucide-react";
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
import { t } from "@/messages/translate";
import { useAccountActions } from "./useAccountActions";

/** The user at the foot of the rail, and what concerns the account. The menu stays within the rail's landmark. */
export function UserMenu() {
  const me = useMe();
  const navigate = useNavigate();
  const { theme, leave, asking, setAsking } = useAccountActions();
  const [place, setPlace] = useState<HTMLDivElement | null>(null);
  return (
    <div ref={setPlace}>
      <DropdownMenu>
        <DropdownMenuTrigger className="mt-2 flex w-full items-center gap-2.5 rounded-control p-2 text-start text-sm hover:bg-surface-muted">
          <Signature me={me} />
        </DropdownMenuTrigger>
        <DropdownMenuContent side="top" align="start" container={place}>
          <DropdownMenuLabel>{me.tenant.name}</DropdownMenuLabel>
          <DropdownMenuItem onSelect={() => void navigate("/settings")}>
            <Settings />
            {t("shell.settings")}
          </DropdownMenuItem>
          <DropdownMenuItem onSelect={theme.run}>
            <theme.icon /> {theme.label}
          </DropdownMenuItem>
          <DropdownMenuSeparator />
          <DropdownMenuItem onSelect={leave.run}>
            <leave.icon /> {leave.label}
          </DropdownMenuItem>
        </DropdownMenuContent>
      </DropdownMenu>
      <GuestSignOutDialog open={asking} onOpenChange={setAsking} />
    </div>
  );
}

/** The same at phone width, as a list: a menu in a dialog would be a layer on a layer. */
export function UserActions() {
  const me = useMe();
  const { theme, leave, asking, setAsking } = useAccountActions();
  return (
    <>
      <div className="flex items-center gap-2.5 p-2 text-sm">
        <Signature me={me} />
      </div>
      {[theme, leave].map(({ label, icon: Icon, run }) => (
        <button
          key={label}
          type="button"
          onClick={run}
          className="flex h-10 items-center gap-3 rounded-control px-3 text-sm text-muted-foreground hover:bg-surface-muted"
        >
          <Icon className="size-4.5" />
          {label}
        </button>
      ))}
      <GuestSignOutDialog open={asking} onOpenChange={setAsking} />
    </>
  );
}

function Signature({ me }: { me: ReturnType<typeof useMe> }) {
  return (
    <>
      <span
        aria-hidden
        className="grid size-8 shrink-0 place-items-center rounded-full bg-accent-soft text-xs font-semibold text-accent-text uppercase"
      >
        {nameOf(me).slice(0, 2)}
      </span>
      <span className="min-w-0">
        <span className="block truncate font-medium">{nameOf(me)}</span>
        <span className="block truncate text-xs text-muted-foreground">{me.email ?? t("shell.noAccount")}</span>
      </span>
    </>
  );
}
