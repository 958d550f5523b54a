import { useAuthToken } from "@convex-dev/auth/react";
import { useConvex } from "convex/react";
import { useState } from "react";
import { t } from "@/messages/translate";

/** A REST call of the user's own. The deployment answers REST below `/http` too, which the page may call. */
export function useRest() {
  const { url } = useConvex();
  const token = useAuthToken();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  const call = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const headers = { ...init.headers, Authorization: `Bearer ${token ?? ""}` };
    const response = await fetch(`${url}/http${path}`, { ...init, headers });
    if (!response.ok) throw new Error(`${path} answered ${response.status}`);
    return response;
  };
  /** Shows whether it is under way, and that it failed. */
  const run = (act: () => Promise<void>): void => {
    setBusy(true);
    setProblem(null);
    act()
      .catch(() => setProblem(t("common.notFetched")))
      .finally(() => setBusy(false));
  };
  return { call, run, busy, problem };
}

/** Saves what the server answered as a file. */
export async function saveAs(response: Response, name: string): Promise<void> {
  const url = URL.createObjectURL(await response.blob());
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
