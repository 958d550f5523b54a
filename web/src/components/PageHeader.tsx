import type { ReactNode } from "react";
import { cn } from "@/lib/cn";
import { useArrivalFocus } from "@/lib/keyboard/useArrivalFocus";
import { useTitle } from "@/lib/useTitle";

/**
 * The title on the left, one primary action on the right. `status` is a word beside the title, such as "Saved". Names
 * the browser tab and takes the focus on arrival.
 */
export function PageHeader({
  mark,
  title,
  status,
  description,
  action,
}: {
  mark?: ReactNode;
  title: string;
  status?: ReactNode;
  description?: ReactNode;
  action?: ReactNode;
}) {
  useTitle(title);
  const heading = useArrivalFocus();
  return (
    <header className="mb-6 flex flex-wrap items-start justify-between gap-x-4 gap-y-3">
      {/* As wide as the title, and never so narrow that a description becomes a column of words. */}
      <div className={cn("flex-auto", description ? "min-w-40" : "min-w-0")}>
        <div className="flex min-h-10 flex-wrap items-center gap-x-3 gap-y-1">
          {mark}
          <h1
            ref={heading}
            tabIndex={-1}
            className="min-w-0 text-xl font-semibold tracking-tight outline-none sm:text-2xl"
          >
            {title}
          </h1>
          {status && <span className="text-sm text-muted-foreground">{status}</span>}
        </div>
        {description && (
          <div className="w-0 min-w-full">
            <p className="max-w-prose text-sm text-muted-foreground">{description}</p>
          </div>
        )}
      </div>
      {action && <div className="flex max-w-full shrink-0 flex-wrap items-center gap-2">{action}</div>}
    </header>
  );
}
