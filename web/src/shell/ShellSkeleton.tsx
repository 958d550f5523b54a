import { CloudOff } from "lucide-react";
import { Loading } from "@/components/states";
import { Skeleton } from "@/components/ui/skeleton";
import { useConnection } from "@/lib/live/useOnline";
import { t } from "@/messages/translate";

/** The outline of the shell while the user is unknown. */
export function ShellSkeleton() {
  const offline = useConnection() === "offline";
  return (
    <div className="lg:flex">
      <div className="hidden h-dvh w-60 shrink-0 space-y-3 border-r bg-surface p-4 lg:block">
        <Skeleton className="h-8 w-32" />
        {Array.from({ length: 6 }, (_, index) => (
          <Skeleton key={index} className="h-8" />
        ))}
      </div>
      <main className="mx-auto w-full max-w-6xl flex-1 px-4 py-6 sm:px-8 sm:py-8">
        {offline && (
          <p role="status" className="mb-6 flex items-center gap-2 text-sm">
            <CloudOff className="size-4 text-muted-foreground" />
            {t("shell.unreachable")}
          </p>
        )}
        <PageSkeleton />
      </main>
    </div>
  );
}

export function PageSkeleton() {
  return (
    <Loading className="space-y-6">
      <Skeleton className="h-8 w-40" />
      <div className="grid gap-4 sm:grid-cols-2">
        <Skeleton className="h-36 rounded-card" />
        <Skeleton className="h-36 rounded-card" />
      </div>
      <Skeleton className="h-56 rounded-card" />
    </Loading>
  );
}
