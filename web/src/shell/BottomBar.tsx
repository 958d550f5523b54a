import { Ellipsis, Search } from "lucide-react";
import { useState } from "react";
import { NavLink, useLocation } from "react-router";
import { useMe } from "@/accounts/MeProvider";
import { Dialog, DialogContent, DialogTrigger } from "@/components/ui/dialog";
import { cn } from "@/lib/cn";
import { useUnreadCount } from "@/notifications/useUnreadCount";
import { t } from "@/messages/translate";
import { openPalette } from "./palette/palette";
import { CountBadge, PlaceLink } from "./PlaceLink";
import { isIn, MAIN_PLACES, OTHER_PLACES, permitted } from "./places";
import { UserActions } from "./UserMenu";

const tab = (active: boolean) =>
  cn(
    "relative flex h-15 flex-1 flex-col items-center justify-center gap-1 rounded-control text-[0.6875rem]",
    active ? "font-medium text-accent-text" : "text-muted-foreground",
  );

/** The navigation at phone width: the four main places, and the others behind "More". */
export function BottomBar() {
  const { permissions } = useMe();
  const { pathname } = useLocation();
  const unread = useUnreadCount();
  const [open, setOpen] = useState(false);
  const others = permitted(OTHER_PLACES, permissions);
  const close = () => setOpen(false);
  return (
    <nav
      aria-label={t("shell.main")}
      className="fixed inset-x-0 bottom-0 z-40 flex border-t bg-surface px-1 pb-[env(safe-area-inset-bottom)] lg:hidden"
    >
      {MAIN_PLACES.map(({ path, label, icon: Icon }) => (
        <NavLink key={path} to={path} end={path === "/"} className={({ isActive }) => tab(isActive)}>
          <Icon className="size-5" />
          {label}
        </NavLink>
      ))}
      <Dialog open={open} onOpenChange={setOpen}>
        <DialogTrigger className={tab(others.some((place) => isIn(place, pathname)))}>
          <Ellipsis className="size-5" />
          {t("shell.more")}
          {unread > 0 && <CountBadge count={unread} className="absolute top-1 left-1/2 ml-1" />}
        </DialogTrigger>
        <DialogContent title={t("shell.more")}>
          <div className="flex flex-col gap-1">
            <button
              type="button"
              onClick={() => {
                close();
                openPalette();
              }}
              className="flex h-10 items-center gap-3 rounded-control px-3 text-sm text-muted-foreground hover:bg-surface-muted"
            >
              <Search className="size-4.5" />
              {t("shell.search")}
            </button>
            {others.map((place) => (
              <PlaceLink
                key={place.path}
                place={place}
                onClick={close}
                count={place.path === "/notifications" ? unread : 0}
              />
            ))}
            <hr className="my-2" />
            <UserActions />
          </div>
        </DialogContent>
      </Dialog>
    </nav>
  );
}
