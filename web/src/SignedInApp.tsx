import { Route, Routes } from "react-router";
import { MeProvider } from "./accounts/MeProvider";
import { Toaster } from "./components/ui/toaster";
import { TooltipProvider } from "./components/ui/tooltip";
import { FocusProvider } from "./focus/FocusProvider";
import { ServerClock } from "./lib/time/ServerClock";
import { useOfflineShell } from "./lib/useOfflineShell";
import { pages, prefetchPage, prefetchPages } from "./pages";
import { AppShell } from "./shell/AppShell";
import { NotFoundPage } from "./shell/NotFoundPage";
import { ShellSkeleton } from "./shell/ShellSkeleton";

// Beside the answers about the token and the user, which come first.
void prefetchPage(window.location.pathname);

/** Everything behind the sign-in. */
export function SignedInApp() {
  useOfflineShell(prefetchPages);
  return (
    <TooltipProvider delayDuration={250}>
      <MeProvider loading={<ShellSkeleton />}>
        <ServerClock>
          <FocusProvider>
            <Routes>
              <Route element={<AppShell />}>
                {pages.map(({ path, element }) => (
                  <Route key={path} path={path} element={element} />
                ))}
                <Route path="*" element={<NotFoundPage />} />
              </Route>
            </Routes>
          </FocusProvider>
        </ServerClock>
      </MeProvider>
      <Toaster />
    </TooltipProvider>
  );
}
