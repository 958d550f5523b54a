import { useConvexAuth } from "convex/react";
import { Suspense } from "react";
import { SignInPage } from "./accounts/SignInPage";
import { ErrorBoundary } from "./components/ErrorBoundary";
import { lazyPart } from "./lib/lazyPart";
import { loadSignedInApp } from "./loadSignedInApp";
import { ShellSkeleton } from "./shell/ShellSkeleton";

const SignedInApp = lazyPart(loadSignedInApp, "SignedInApp", { page: true });

/** Lets only users in. The path stays while signing in, so that a link leads where it should. */
export function App() {
  const { isLoading, isAuthenticated } = useConvexAuth();
  if (isLoading) return <ShellSkeleton />;
  if (!isAuthenticated) return <SignInPage />;
  return (
    <ErrorBoundary>
      <Suspense fallback={<ShellSkeleton />}>
        <SignedInApp />
      </Suspense>
    </ErrorBoundary>
  );
}
