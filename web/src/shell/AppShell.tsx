import { Outlet, useLocation } from "react-router";
import { Suspense } from "react";
import { ErrorBoundary } from "@/components/ErrorBoundary";
import { useNoteVisits } from "@/analytics/useNoteVisits";
import { useFailureReports } from "@/operations/useFailureReports";
import { SecurityAlerts } from "@/accounts/SecurityAlerts";
import { t } from "@/messages/translate";
import { BottomBar } from "./BottomBar";
import { CommandPalette } from "./palette/CommandPalette";
import { ConnectionBanner } from "./ConnectionBanner";
import { PageSkeleton } from "./ShellSkeleton";
import { Rail } from "./Rail";
import { RunningSession } from "./RunningSession";
import { ShortcutSheet } from "./ShortcutSheet";

/**
 * The frame around every page: a rail on the left on wide screens, a bar at the bottom at phone width, and the running
 * session in either.
 */
export function AppShell() {
  useNoteVisits();
  useFailureReports();
  const { pathname } = useLocation();
  const onLivePage = pathname === "/focus/live";
  return (
    <div className="lg:flex">
      <a
        href="#page"
        className="sr-only z-50 rounded-control bg-surface px-4 py-2 text-sm shadow-raised focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        {t("shell.skip")}
      </a>
      <Rail running={!onLivePage && <RunningSession layout="card" />} />
      <div className="flex min-h-dvh min-w-0 flex-1 flex-col pb-[calc(3.75rem+env(safe-area-inset-bottom))] lg:pb-0">
        <ConnectionBanner />
        <main
          id="page"
          tabIndex={-1}
          className="mx-auto w-full max-w-6xl flex-1 px-4 py-6 outline-none sm:px-8 sm:py-8"
        >
          <SecurityAlerts quiet={onLivePage} />
          <ErrorBoundary resetKey={pathname}>
            <Suspense fallback={<PageSkeleton />}>
              <Outlet />
            </Suspense>
          </ErrorBoundary>
        </main>
        {!onLivePage && <RunningSession layout="strip" />}
      </div>
      <BottomBar />
      <CommandPalette />
      <ShortcutSheet />
    </div>
  );
}
