import { NavLink } from "react-router";
import { cn } from "@/lib/cn";
import { t } from "@/messages/translate";
import type { Place } from "./places";

/** A place in the rail or a menu, with an optional count. */
export function PlaceLink({ place, count = 0, onClick }: { place: Place; count?: number; onClick?: () => void }) {
  const { icon: Icon, label, path } = place;
  return (
    <NavLink
      to={path}
      end={path === "/"}
      {...(onClick && { onClick })}
      className={({ isActive }) =>
        cn(
          "flex h-10 items-center gap-3 rounded-control px-3 text-sm transition-colors duration-150 hover:bg-surface-muted",
          isActive ? "bg-surface-muted font-medium text-foreground [&_svg]:text-accent-text" : "text-muted-foreground",
        )
      }
    >
      <Icon className="size-4.5 shrink-0" />
      <span className="flex-1">{label}</span>
      {count > 0 && <CountBadge count={count} />}
    </NavLink>
  );
}

/** A count. `label` says of what, for readers of screens. */
export function CountBadge({
  count,
  label = t("notifications.unreadLabel"),
  className,
}: {
  count: number;
  label?: string;
  className?: string;
}) {
  return (
    <span
      className={cn(
        "figures grid h-5 min-w-5 place-items-center rounded-full bg-accent px-1.5 text-xs font-medium text-accent-foreground",
        className,
      )}
    >
      {count > 99 ? "99+" : count}
      <span className="sr-only"> {label}</span>
    </span>
  );
}
