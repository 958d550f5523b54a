import { useEffect } from "react";
import { t } from "@/messages/translate";

/** Names the browser tab after the page. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = t("common.tabTitle", { page: title });
  }, [title]);
}
