import { useEffect } from "react";
import { pageName } from "@/analytics/pageNames";
import { api } from "@/lib/api";
import { receiveFailures, reportFailure } from "@/lib/server/failureReports";
import { useSendAside } from "@/lib/server/useSendAside";

/** Tells the operations page of what fails here, as long as somebody is signed in. */
export function useFailureReports(): void {
  const send = useSendAside();
  useEffect(() => {
    const leave = receiveFailures((told) =>
      send.current(api.operations.errors.report, { ...told, place: pageName(window.location.pathname) }),
    );
    const onError = (event: ErrorEvent) => reportFailure(event.error ?? event.message);
    const onRejection = (event: PromiseRejectionEvent) => reportFailure(event.reason);
    window.addEventListener("error", onError);
    window.addEventListener("unhandledrejection", onRejection);
    return () => {
      leave();
      window.removeEventListener("error", onError);
      window.removeEventListener("unhandledrejection", onRejection);
    };
  }, [send]);
}
