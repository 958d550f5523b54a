import { GitCompareArrows } from "lucide-react";
import { RelativeTime } from "@/components/RelativeTime";
import { EmptyState } from "@/components/states";
import { Stat } from "@/components/Stat";
import { Card, CardTitle } from "@/components/ui/card";
import type { OutboxStatus } from "./api";

/** The last daily comparison of both sides. */
export function ReconciliationCard({ last }: { last: OutboxStatus["lastReconciliation"] }) {
  return (
    <Card aria-label="Last comparison">
      <div className="mb-4 flex items-baseline justify-between gap-3">
        <CardTitle>Last comparison</CardTitle>
        {last && (
          <span className="text-xs text-muted-foreground">
            <RelativeTime at={last.finishedAt} />
          </span>
        )}
      </div>
      {last ? (
        <>
          <dl className="grid grid-cols-2 gap-4 sm:grid-cols-5">
            <Stat label="Days compared">{last.days}</Stat>
            <Stat label="Differing" note={`of ${last.compared} user-days`}>
              {last.differing}
            </Stat>
            <Stat label="Sent again">{last.reenqueued}</Stat>
            <Stat label="Only in the store">{last.storeOnly}</Stat>
            <Stat label="Users' totals differing">{last.totalsDiffering ?? 0}</Stat>
          </dl>
          {last.error && (
            <p role="alert" className="mt-4 text-sm text-danger-text">
              {last.error}
            </p>
          )}
        </>
      ) : (
        <EmptyState icon={<GitCompareArrows />}>
          Both sides are compared once a day; the first comparison is still to come.
        </EmptyState>
      )}
    </Card>
  );
}
