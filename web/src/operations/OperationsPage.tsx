import { usePermission } from "@/accounts/MeProvider";
import { PageHeader } from "@/components/PageHeader";
import { Loaded } from "@/components/states";
import { api } from "@/lib/api";
import { joinStates } from "@/lib/live/joinStates";
import { useQueryState } from "@/lib/live/useQueryState";
import { withAccessNote } from "@/lib/live/withAccessNote";
import { PageSkeleton } from "@/shell/ShellSkeleton";
import { t } from "@/messages/translate";
import { OutboxSection } from "@/store/OutboxSection";
import { ErrorsCard } from "./ErrorsCard";
import { HistoryCard } from "./HistoryCard";
import { LatencyCard } from "./LatencyCard";
import { ServiceKeysCard } from "./ServiceKeysCard";
import { VerdictCard } from "./VerdictCard";

/**
 * Whether all is well, and if not, which part is concerned; then the parts, how it went, request times, errors, and
 * service keys.
 */
export function OperationsPage() {
  const mayManageKeys = usePermission("manage_service_keys");
  const everything = joinStates({
    store: useQueryState(api.store.outbox.status, {}),
    state: useQueryState(api.operations.state.get, {}),
    errors: useQueryState(api.operations.errors.list, {}),
  });
  const version = everything.kind === "ready" ? everything.data.state.version : null;
  return (
    <>
      <PageHeader
        title={t("shell.operations")}
        status={version !== null && t("operations.version", { version })}
        description={t("operations.note")}
      />
      <Loaded state={withAccessNote(everything, t("store.noAccess"))} skeleton={<PageSkeleton />}>
        {(current) => (
          <div className="space-y-6">
            <VerdictCard everything={current} />
            <OutboxSection status={current.store} />
            <HistoryCard />
            <LatencyCard />
            <ErrorsCard errors={current.errors} />
            {mayManageKeys && <ServiceKeysCard />}
          </div>
        )}
      </Loaded>
    </>
  );
}
