import { useAuthToken } from "@convex-dev/auth/react";
import { useConvex } from "convex/react";
import { getFunctionName, type FunctionReference } from "convex/server";
import { useLatest } from "../hooks/useLatest";

/**
 * Calls a mutation of which nobody waits for the outcome. It goes over HTTP beside the socket, so that it neither
 * counts as unsaved work nor is sent again after the connection was lost.
 */
export function useSendAside() {
  const { url } = useConvex();
  const token = useAuthToken();
  return useLatest(<Ref extends FunctionReference<"mutation">>(mutation: Ref, args: Ref["_args"]): void => {
    if (token === null || !navigator.onLine) return;
    void fetch(`${url}/api/mutation`, {
      method: "POST",
      keepalive: true,
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${token}` },
      body: JSON.stringify({ path: getFunctionName(mutation), args, format: "json" }),
    }).catch(() => undefined);
  });
}
