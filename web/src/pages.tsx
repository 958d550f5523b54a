import type { ReactNode } from "react";
import { HomePage } from "./HomePage";
import { FocusPage } from "./focus/FocusPage";
import { LivePage } from "./focus/live/LivePage";
import { SummaryPage } from "./focus/history/SummaryPage";
import { lazyPart } from "./lib/lazyPart";

// Home and focus come with the application; the others are fetched when first opened.
const GoalPage = lazyPart(() => import("./focus/goals/GoalPage"), "GoalPage", { page: true });
const TutoringPage = lazyPart(() => import("./tutoring/TutoringPage"), "TutoringPage", { page: true });
const TutoringDetailPage = lazyPart(() => import("./tutoring/TutoringDetailPage"), "TutoringDetailPage", {
  page: true,
});
const ReportsPage = lazyPart(() => import("./valuations/ReportsPage"), "ReportsPage", { page: true });
const ReportPage = lazyPart(() => import("./valuations/ReportPage"), "ReportPage", { page: true });
const NotificationsPage = lazyPart(() => import("./notifications/NotificationsPage"), "NotificationsPage", {
  page: true,
});
const DevicesPage = lazyPart(() => import("./accounts/DevicesPage"), "DevicesPage", { page: true });
const SettingsPage = lazyPart(() => import("./accounts/SettingsPage"), "SettingsPage", { page: true });
const OperationsPage = lazyPart(() => import("./store/OperationsPage"), "OperationsPage", { page: true });
const AuditPage = lazyPart(() => import("./audit/AuditPage"), "AuditPage", { page: true });

/** Every page behind the sign-in. */
export const pages: { path: string; element: ReactNode }[] = [
  { path: "/", element: <HomePage /> },
  { path: "/focus", element: <FocusPage /> },
  { path: "/focus/live", element: <LivePage /> },
  { path: "/focus/goals/:goalId", element: <GoalPage /> },
  { path: "/focus/summary/:goalId/:sessionId", element: <SummaryPage /> },
  { path: "/tutoring", element: <TutoringPage /> },
  { path: "/tutoring/:id", element: <TutoringDetailPage /> },
  { path: "/reports", element: <ReportsPage /> },
  { path: "/reports/:reportId", element: <ReportPage /> },
  { path: "/notifications", element: <NotificationsPage /> },
  { path: "/devices", element: <DevicesPage /> },
  { path: "/settings", element: <SettingsPage /> },
  { path: "/operations", element: <OperationsPage /> },
  { path: "/audit", element: <AuditPage /> },
];
