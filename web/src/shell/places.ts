import {
  Activity,
  Bell,
  BookOpen,
  FileText,
  Home,
  MonitorSmartphone,
  ScrollText,
  Settings,
  Timer,
  type LucideIcon,
} from "lucide-react";

export type Place = {
  path: string;
  label: string;
  icon: LucideIcon;
  /** Shown only to those who hold it. */
  permission?: string;
  /** Further words to find it by in the command palette. */
  words?: string;
};

export const MAIN_PLACES: Place[] = [
  { path: "/", label: "Home", icon: Home, words: "start overview" },
  { path: "/focus", label: "Focus", icon: Timer, words: "session timer xp goals" },
  { path: "/tutoring", label: "Tutoring", icon: BookOpen, words: "lessons bookings" },
  { path: "/reports", label: "Reports", icon: FileText, words: "valuations drafts" },
];

export const OTHER_PLACES: Place[] = [
  { path: "/notifications", label: "Notifications", icon: Bell, words: "inbox" },
  { path: "/devices", label: "Devices", icon: MonitorSmartphone, words: "sessions security sign out" },
  { path: "/settings", label: "Settings", icon: Settings, words: "theme profile password" },
  {
    path: "/operations",
    label: "Operations",
    icon: Activity,
    permission: "view_operations",
    words: "outbox store health",
  },
  { path: "/audit", label: "Audit", icon: ScrollText, permission: "view_audit", words: "log history" },
];

/** The places a user may go to. */
export const permitted = (places: Place[], permissions: string[]): Place[] =>
  places.filter(({ permission }) => !permission || permissions.includes(permission));

/** Whether a path lies in a place: the home page is only itself, others contain what is below them. */
export const isIn = (place: Place, pathname: string): boolean =>
  place.path === "/" ? pathname === "/" : pathname === place.path || pathname.startsWith(`${place.path}/`);
