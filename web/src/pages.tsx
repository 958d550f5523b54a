import type { ReactNode } from "react";
import { matchRoutes, Navigate, useParams } from "react-router";
import { HomePage } from "./HomePage";
import { lazyPart, type LazyPart } from "./lib/lazyPart";

/** A page that is fetched when it is first opened. Home comes with the application. */
function lazyPage<const Name extends string>(
  load: () => Promise<Record<Name, () => ReactNode>>,
  name: Name,
): LazyPart<object> {
  return lazyPart(load, name, { page: true });
}

const FocusPage = lazyPage(() => import("./focus/FocusPage"), "FocusPage");
const LivePage = lazyPage(() => import("./focus/live/LivePage"), "LivePage");
const SummaryPage = lazyPage(() => import("./focus/history/SummaryPage"), "SummaryPage");
const GoalPage = lazyPage(() => import("./focus/goals/GoalPage"), "GoalPage");
const TutoringPage = lazyPage(() => import("./tutoring/TutoringPage"), "TutoringPage");
const TutoringDetailPage = lazyPage(() => import("./tutoring/TutoringDetailPage"), "TutoringDetailPage");
const RoomPage = lazyPage(() => import("./tutoring/room/RoomPage"), "RoomPage");
const SharedRedirect = lazyPage(() => import("./tutoring/hosting/SharedRedirect"), "SharedRedirect");
const ReportsPage = lazyPage(() => import("./valuations/ReportsPage"), "ReportsPage");
const ReportPage = lazyPage(() => import("./valuations/ReportPage"), "ReportPage");
const NotificationsPage = lazyPage(() => import("./notifications/NotificationsPage"), "NotificationsPage");
const DevicesPage = lazyPage(() => import("./accounts/DevicesPage"), "DevicesPage");
const SettingsPage = lazyPage(() => import("./accounts/SettingsPage"), "SettingsPage");
const OperationsPage = lazyPage(() => import("./operations/OperationsPage"), "OperationsPage");
const WebhooksPage = lazyPage(() => import("./webhooks/WebhooksPage"), "WebhooksPage");
const WebhookPage = lazyPage(() => import("./webhooks/WebhookPage"), "WebhookPage");
const AnalyticsPage = lazyPage(() => import("./analytics/AnalyticsPage"), "AnalyticsPage");
const AuditPage = lazyPage(() => import("./audit/AuditPage"), "AuditPage");

/** The addresses by which other clients of this API name a session. */
function SessionRedirect() {
  const { id = "" } = useParams();
  return <Navigate to={`/tutoring/${id}`} replace />;
}

type PageRoute = { path: string; element: ReactNode; prefetch?: () => Promise<void> };

const route = (path: string, Page: LazyPart<object>): PageRoute => ({
  path,
  element: <Page />,
  prefetch: Page.prefetch,
});

/** Every page behind the sign-in. */
export const pages: PageRoute[] = [
  { path: "/", element: <HomePage /> },
  route("/focus", FocusPage),
  route("/focus/live", LivePage),
  route("/focus/goals/:goalId", GoalPage),
  route("/focus/summary/:goalId/:sessionId", SummaryPage),
  route("/tutoring", TutoringPage),
  route("/tutoring/:id", TutoringDetailPage),
  route("/tutoring/:id/room", RoomPage),
  route("/s/:token", SharedRedirect),
  { path: "/sessions", element: <Navigate to="/tutoring" replace /> },
  { path: "/my-sessions", element: <Navigate to="/tutoring?view=joined" replace /> },
  { path: "/sessions/:id", element: <SessionRedirect /> },
  route("/reports", ReportsPage),
  route("/reports/:reportId", ReportPage),
  route("/notifications", NotificationsPage),
  route("/devices", DevicesPage),
  route("/settings", SettingsPage),
  route("/operations", OperationsPage),
  route("/webhooks", WebhooksPage),
  route("/webhooks/:id", WebhookPage),
  route("/analytics", AnalyticsPage),
  route("/audit", AuditPage),
];

/** Fetches the page at an address. */
export async function prefetchPage(pathname: string): Promise<void> {
  await matchRoutes(pages, pathname)?.at(-1)?.route.prefetch?.();
}

/** Fetches all pages, one after the other. One that fails is fetched again when it is opened. */
export async function prefetchPages(): Promise<void> {
  for (const { prefetch } of pages) await prefetch?.();
}
