import { useConvexAuth } from "convex/react";
import { Suspense } from "react";
import { useLocation } from "react-router";
import { SignInPage } from "./accounts/SignInPage";
import { ErrorBoundary } from "./components/ErrorBoundary";
import { lazyPart } from "./lib/lazyPart";
import { SignedInApp } from "./lazySignedInApp";
import { ShellSkeleton } from "./shell/ShellSkeleton";
import { readSharedPath, SIGN_IN } from "./tutoring/hosting/sharedPath";

const SharedPage = lazyPart(() => import("./tutoring/hosting/SharedPage"), "SharedPage", { page: true });

/** The sign-in, or a session that is shared by a link, which visitors may see. */
function VisitorPage() {
  const { pathname, search } = useLocation();
  const token = readSharedPath(pathname);
  if (token === null || search === `?${SIGN_IN}`) return <SignInPage />;
  return (
    <ErrorBoundary>
      <Suspense fallback={null}>
        <SharedPage token={token} />
      </Suspense>
    </ErrorBoundary>
  );
}

/** Lets only users in. The path stays while signing in, so that a link leads where it should. */
export function App() {
  const { isLoading, isAuthenticated } = useConvexAuth();
  if (isLoading) return <ShellSkeleton />;
  if (!isAuthenticated) return <VisitorPage />;
  return (
    <ErrorBoundary>
      <Suspense fallback={<ShellSkeleton />}>
        <SignedInApp />
      </Suspense>
    </ErrorBoundary>
  );
}
