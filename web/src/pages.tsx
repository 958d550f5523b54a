import { lazy, type ReactNode } from "react";
import { HomePage } from "./HomePage";
import { FocusPage } from "./focus/FocusPage";
import { LivePage } from "./focus/LivePage";
import { SummaryPage } from "./focus/SummaryPage";

// Home and focus come with the application; the others are fetched when first opened.
const GoalPage = lazy(async () => ({ default: (await import("./focus/GoalPage")).GoalPage }));
const TutoringPage = lazy(async () => ({ default: (await import("./tutoring/TutoringPage")).TutoringPage }));
const TutoringDetailPage = lazy(async () => ({ default: (await import("./tutoring/TutoringDetailPage")).TutoringDetailPage }));
const ReportsPage = lazy(async () => ({ default: (await import("./valuations/ReportsPage")).ReportsPage }));
const ReportPage = lazy(async () => ({ default: (await import("./valuations/ReportPage")).ReportPage }));
const NotificationsPage = lazy(async () => ({ default: (await import("./notifications/NotificationsPage")).NotificationsPage }));
const DevicesPage = lazy(async () => ({ default: (await import("./accounts/DevicesPage")).DevicesPage }));
const SettingsPage = lazy(async () => ({ default: (await import("./accounts/SettingsPage")).SettingsPage }));
const OperationsPage = lazy(async () => ({ default: (await import("./store/OperationsPage")).OperationsPage }));
const AuditPage = lazy(async () => ({ default: (await import("./audit/AuditPage")).AuditPage }));

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
