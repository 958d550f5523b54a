import type { ComponentType, ReactNode } from "react";
import { Navigate, useParams } from "react-router";
import { HomePage } from "./HomePage";
import { lazyPart } from "./lib/lazyPart";

const loads: (() => Promise<unknown>)[] = [];

/** A page that is fetched when it is first opened. Home comes with the application. */
function lazyPage<const Name extends string>(
  load: () => Promise<Record<Name, () => ReactNode>>,
  name: Name,
): ComponentType<object> {
  loads.push(load);
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

/** Every page behind the sign-in. */
export const pages: { path: string; element: ReactNode }[] = [
  { path: "/", element: <HomePage /> },
  { path: "/focus", element: <FocusPage /> },
  { path: "/focus/live", element: <LivePage /> },
  { path: "/focus/goals/:goalId", element: <GoalPage /> },
  { path: "/focus/summary/:goalId/:sessionId", element: <SummaryPage /> },
  { path: "/tutoring", element: <TutoringPage /> },
  { path: "/tutoring/:id", element: <TutoringDetailPage /> },
  { path: "/tutoring/:id/room", element: <RoomPage /> },
  { path: "/s/:token", element: <SharedRedirect /> },
  { path: "/sessions", element: <Navigate to="/tutoring" replace /> },
  { path: "/my-sessions", element: <Navigate to="/tutoring?view=joined" replace /> },
  { path: "/sessions/:id", element: <SessionRedirect /> },
  { path: "/reports", element: <ReportsPage /> },
  { path: "/reports/:reportId", element: <ReportPage /> },
  { path: "/notifications", element: <NotificationsPage /> },
  { path: "/devices", element: <DevicesPage /> },
  { path: "/settings", element: <SettingsPage /> },
  { path: "/operations", element: <OperationsPage /> },
  { path: "/webhooks", element: <WebhooksPage /> },
  { path: "/webhooks/:id", element: <WebhookPage /> },
  { path: "/analytics", element: <AnalyticsPage /> },
  { path: "/audit", element: <AuditPage /> },
];

/** Fetches all pages, one after the other. One that fails is fetched again when it is opened. */
export async function prefetchPages(): Promise<void> {
  for (const load of loads) await load().catch(() => undefined);
}
