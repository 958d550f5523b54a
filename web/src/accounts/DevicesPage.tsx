import { useMutation } from "convex/react";
import { LogOut, MonitorSmartphone, Search } from "lucide-react";
import { useState } from "react";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { DataList } from "@/components/DataList";
import { PageHeader } from "@/components/PageHeader";
import { EmptyState } from "@/components/states";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Input } from "@/components/ui/input";
import { api } from "@/lib/api";
import { useDebounced } from "@/lib/hooks/useDebounced";
import { useQueryState } from "@/lib/live/useQueryState";
import { toast } from "@/lib/toasts";
import { t } from "@/messages/translate";
import { DeviceRow } from "./DeviceRow";

/** The devices on which the user is signed in, live. This device comes first. */
export function DevicesPage() {
  const [text, setText] = useState("");
  const search = useDebounced(text.trim(), 200);
  const devices = useQueryState(api.accounts.sessions.list, search ? { search } : {});
  const endAll = useMutation(api.accounts.sessions.endAll);
  const dismiss = useMutation(api.accounts.alerts.dismiss);
  const alerts = useQueryState(api.accounts.alerts.list, {});
  const [asking, setAsking] = useState(false);
  const others = devices.kind === "ready" ? devices.data.filter(({ isCurrent }) => !isCurrent).length : 0;
  const endOthers = async () => {
    const count = await endAll({ excludeCurrent: true });
    // The user has seen the devices that are signed out here; an alert about them would only repeat it.
    const told = alerts.kind === "ready" ? alerts.data : [];
    await Promise.all(told.map(({ id }) => dismiss({ id }))).catch(() => undefined);
    toast(t("accounts.othersSignedOut", { count }));
  };
  return (
    <>
      <PageHeader
        title={t("accounts.devices")}
        description={t("accounts.devicesNote")}
        action={
          <Button variant="secondary" disabled={others === 0} onClick={() => setAsking(true)}>
            <LogOut className="max-sm:hidden" />
            {t("accounts.signOutOthers")}
          </Button>
        }
      />
      <div className="relative mb-4 max-w-sm">
        <Search className="absolute top-3 left-3 size-4 text-muted-foreground" />
        <Input
          type="search"
          aria-label={t("accounts.searchDevices")}
          placeholder={t("accounts.searchDevicesHint")}
          maxLength={200}
          className="pl-9"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </div>
      <Card aria-label={t("accounts.devices")} className="py-1 sm:py-2">
        <DataList
          state={devices}
          label={t("accounts.devices")}
          keyOf={({ id }) => id}
          row={(device) => <DeviceRow device={device} />}
          empty={
            <EmptyState icon={<MonitorSmartphone />}>
              {search ? t("accounts.noDeviceMatches", { search }) : t("accounts.noDevices")}
            </EmptyState>
          }
        />
      </Card>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={t("accounts.signOutOthersQuestion")}
        confirm={t("accounts.signOutAll")}
        onConfirm={endOthers}
      >
        {t("accounts.signOutOthersNote")}
      </ConfirmDialog>
    </>
  );
}
