import { CircleAlert, CloudOff, RotateCw } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "@/lib/cn";
import type { Failure } from "@/lib/errors";
import { useOnline } from "@/lib/live/useOnline";
import type { QueryState } from "@/lib/live/useQueryState";
import { t } from "@/messages/translate";
import { Button } from "./ui/button";
import { Skeleton } from "./ui/skeleton";

/** An empty place: one sentence, and the action that fills it. */
export function EmptyState({
  icon,
  children,
  action,
  className,
}: {
  icon?: ReactNode;
  children: ReactNode;
  action?: ReactNode;
  className?: string;
}) {
  return (
    <div className={cn("flex flex-col items-center gap-3 px-4 py-8 text-center", className)}>
      {icon && <div className="text-muted-foreground [&_svg]:size-7">{icon}</div>}
      <p className="max-w-sm text-sm text-balance text-muted-foreground">{children}</p>
      {action}
    </div>
  );
}

type ErrorProps = {
  failure: Failure;
  retry?: () => void;
  /** A way to go on, needed most where trying again does not help. */ action?: ReactNode;
  className?: string;
};

/** A failure: its message, and a button to try again where that can help. */
export function ErrorState({ failure, retry, action, className }: ErrorProps) {
  const lasting = failure.code === "MISSING" || failure.code === "FORBIDDEN" || failure.code === "NOT_FOUND";
  return (
    <div role="alert" className={cn("flex flex-col items-center gap-3 px-4 py-8 text-center", className)}>
      <CircleAlert className={cn("size-6", lasting ? "text-muted-foreground" : "text-danger-text")} />
      <p className="max-w-sm text-sm text-balance text-foreground">{failure.message}</p>
      {retry && !lasting && (
        <Button variant="secondary" size="sm" onClick={retry}>
          <RotateCw />
          {t("common.tryAgain")}
        </Button>
      )}
      {action}
    </div>
  );
}

/** Marks the values on the page as last known. Shows nothing while online. */
export function OfflineNote({ className }: { className?: string }) {
  if (useOnline()) return null;
  return (
    <p className={cn("flex items-center gap-1.5 text-xs text-muted-foreground", className)}>
      <CloudOff className="size-3.5" />
      {t("common.lastKnownState")}
    </p>
  );
}

/** Rows of a list that is loading. */
export function ListSkeleton({ rows = 4, className }: { rows?: number; className?: string }) {
  return (
    <Loading className={cn("divide-y", className)}>
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} className="flex items-center gap-3 py-4">
          <Skeleton className="size-10 shrink-0" />
          <div className="flex-1 space-y-2">
            <Skeleton className="h-4 w-2/5" />
            <Skeleton className="h-3 w-3/5" />
          </div>
        </div>
      ))}
    </Loading>
  );
}

/** Wraps skeletons, and says once that something is loading. */
export function Loading({ className, children }: { className?: string; children: ReactNode }) {
  return (
    <div role="status" aria-label={t("common.loading")} className={className}>
      {children}
    </div>
  );
}

/**
 * One live value in its states: skeleton, error with retry, or the value, marked when it is only the last known one.
 */
export function Loaded<Data>(props: {
  state: QueryState<Data>;
  skeleton: ReactNode;
  children: (data: Data) => ReactNode;
}) {
  const { state } = props;
  if (state.kind === "loading") return <>{props.skeleton}</>;
  if (state.kind === "error") return <ErrorState failure={state.failure} retry={state.retry} />;
  return (
    <>
      <OfflineNote className="mb-2" />
      {props.children(state.data)}
    </>
  );
}
