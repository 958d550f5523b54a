import { Search, Timer } from "lucide-react";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { useMe } from "@/accounts/MeProvider";
import { NotificationMenu } from "@/notifications/NotificationMenu";
import { useUnreadCount } from "@/notifications/useUnreadCount";
import { t } from "@/messages/translate";
import { openPalette, paletteKeys } from "./palette/palette";
import { PlaceLink } from "./PlaceLink";
import { MAIN_PLACES, OTHER_PLACES, permitted } from "./places";
import { UserMenu } from "./UserMenu";

/** The navigation on wide screens, with the running session above the user. */
export function Rail({ running }: { running: ReactNode }) {
  const { permissions } = useMe();
  const unread = useUnreadCount();
  return (
    <header className="sticky top-0 hidden h-dvh w-60 shrink-0 flex-col gap-1 overflow-y-auto border-r bg-surface p-3 lg:flex">
      <div className="mb-2 flex items-center justify-between">
        <Link
          to="/"
          className="flex h-10 items-center gap-2.5 rounded-control px-2 text-sm font-semibold tracking-tight"
        >
          <span className="grid size-7 place-items-center rounded-control bg-accent text-accent-foreground">
            <Timer className="size-4" />
          </span>
          {t("common.appName")}
        </Link>
        <NotificationMenu />
      </div>
      <button
        type="button"
        onClick={openPalette}
        className="mb-3 flex h-9 items-center gap-2 rounded-control border px-3 text-sm text-muted-foreground hover:bg-surface-muted"
      >
        <Search className="size-4" />
        <span className="flex-1 text-left">{t("shell.search")}</span>
        <kbd className="font-sans text-xs">{paletteKeys()}</kbd>
      </button>
      <nav aria-label={t("shell.main")} className="flex flex-1 flex-col gap-1">
        {MAIN_PLACES.map((place) => (
          <PlaceLink key={place.path} place={place} />
        ))}
        <hr className="my-2" />
        {permitted(OTHER_PLACES, permissions).map((place) => (
          <PlaceLink key={place.path} place={place} count={place.path === "/notifications" ? unread : 0} />
        ))}
      </nav>
      {running}
      <UserMenu />
    </header>
  );
}
