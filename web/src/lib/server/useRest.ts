import { useAuthToken } from "@convex-dev/auth/react";
import { useConvex } from "convex/react";
import { useAct } from "../hooks/useAct";
import { toRefusal, toUnreached } from "./refusals";

/** A REST call of the user's own. The deployment answers REST below `/http` too, which the page may call. */
export function useRest() {
  const { url } = useConvex();
  const token = useAuthToken();
  const acting = useAct();

  /** Throws as live functions do: what the server refuses, with its reason and fields, and that it was not reached. */
  const call = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const headers = { ...init.headers, Authorization: `Bearer ${token ?? ""}` };
    const response = await fetch(`${url}/http${path}`, { ...init, headers }).catch(() => {
      throw toUnreached();
    });
    if (!response.ok) throw await toRefusal(response);
    return response;
  };
  return { call, ...acting };
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
