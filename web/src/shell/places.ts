import {
  Activity,
  Bell,
  BookOpen,
  ChartColumn,
  FileText,
  Home,
  MonitorSmartphone,
  ScrollText,
  Settings,
  Timer,
  Webhook,
  type LucideIcon,
} from "lucide-react";
import { t } from "@/messages/translate";

export type Place = {
  path: string;
  label: string;
  icon: LucideIcon;
  /** The permission that a user needs to see the place. */
  permission?: string;
  /** Further search terms for the command palette. */
  words?: string;
};

export const MAIN_PLACES: Place[] = [
  { path: "/", label: t("shell.home"), icon: Home, words: t("shell.homeWords") },
  { path: "/focus", label: t("shell.focus"), icon: Timer, words: t("shell.focusWords") },
  { path: "/tutoring", label: t("shell.tutoring"), icon: BookOpen, words: t("shell.tutoringWords") },
  { path: "/reports", label: t("shell.reports"), icon: FileText, words: t("shell.reportsWords") },
];

export const OTHER_PLACES: Place[] = [
  { path: "/notifications", label: t("shell.notifications"), icon: Bell, words: t("shell.notificationsWords") },
  { path: "/devices", label: t("accounts.devices"), icon: MonitorSmartphone, words: t("shell.devicesWords") },
  { path: "/settings", label: t("shell.settings"), icon: Settings, words: t("shell.settingsWords") },
  {
    path: "/operations",
    label: t("shell.operations"),
    icon: Activity,
    permission: "view_operations",
    words: t("shell.operationsWords"),
  },
  {
    path: "/analytics",
    label: t("analytics.analytics"),
    icon: ChartColumn,
    permission: "view_analytics",
    words: t("shell.analyticsWords"),
  },
  {
    path: "/webhooks",
    label: t("webhooks.webhooks"),
    icon: Webhook,
    permission: "manage_webhooks",
    words: t("shell.webhooksWords"),
  },
  { path: "/audit", label: t("shell.audit"), icon: ScrollText, permission: "view_audit", words: t("shell.auditWords") },
];

/** The places that a user may open. */
export const permitted = (places: Place[], permissions: string[]): Place[] =>
  places.filter(({ permission }) => !permission || permissions.includes(permission));

/** True when a path lies in a place. The home page is only itself; others contain the pages below them. */
export const isIn = (place: Place, pathname: string): boolean =>
  place.path === "/" ? pathname === "/" : pathname === place.path || pathname.startsWith(`${place.path}/`);
