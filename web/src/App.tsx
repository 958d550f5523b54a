import { useConvexAuth } from "convex/react";
import { Route, Routes } from "react-router";
import { AppShell } from "./shell/AppShell";
import { ShellSkeleton } from "./shell/ShellSkeleton";
import { SignInPage } from "./accounts/SignInPage";
import { MeProvider } from "./accounts/MeProvider";
import { FocusProvider } from "./focus/FocusProvider";
import { ServerClock } from "./lib/time/ServerClock";
import { pages } from "./pages";
import { NotFoundPage } from "./shell/NotFoundPage";

/** Lets only users in. The path stays while signing in, so that a link leads where it should. */
export function App() {
  const { isLoading, isAuthenticated } = useConvexAuth();
  if (isLoading) return <ShellSkeleton />;
  if (!isAuthenticated) return <SignInPage />;
  return (
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
  );
}
