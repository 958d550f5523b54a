import { useMutation } from "convex/react";
import { LogOut, MonitorSmartphone, Search } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { DataList } from "@/components/DataList";
import { PageHeader } from "@/components/PageHeader";
import { EmptyState } from "@/components/states";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Input } from "@/components/ui/input";
import { api } from "@/lib/api";
import { useDebounced } from "@/lib/useDebounced";
import { useQueryState } from "@/lib/live/useQueryState";
import { DeviceRow } from "./DeviceRow";

/** Where one is signed in, live; this device first. */
export function DevicesPage() {
  const [text, setText] = useState("");
  const search = useDebounced(text.trim(), 200);
  const devices = useQueryState(api.accounts.sessions.list, search ? { search } : {});
  const endAll = useMutation(api.accounts.sessions.endAll);
  const [asking, setAsking] = useState(false);
  const others = devices.kind === "ready" ? devices.data.filter(({ isCurrent }) => !isCurrent).length : 0;
  const endOthers = async () => {
    const count = await endAll({ excludeCurrent: true });
    toast(count === 1 ? "One other device was signed out" : `${count} other devices were signed out`);
  };
  return (
    <>
      <PageHeader
        title="Devices"
        description="Where you are signed in. Ending one signs it out within a second."
        action={
          <Button variant="secondary" disabled={others === 0} onClick={() => setAsking(true)}>
            <LogOut /> End all others
          </Button>
        }
      />
      <div className="relative mb-4 max-w-sm">
        <Search className="absolute top-3 left-3 size-4 text-muted-foreground" />
        <Input
          type="search"
          aria-label="Search devices"
          placeholder="Device, place, address or method"
          maxLength={200}
          className="pl-9"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </div>
      <Card aria-label="Devices" className="py-1 sm:py-2">
        <DataList
          state={devices}
          label="Devices"
          keyOf={({ id }) => id}
          row={(device) => <DeviceRow device={device} />}
          empty={
            <EmptyState icon={<MonitorSmartphone />}>
              {search ? `No device matches “${search}”.` : "You are not signed in anywhere."}
            </EmptyState>
          }
        />
      </Card>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title="End all other devices"
        confirm="Sign them out"
        onConfirm={endOthers}
      >
        Signs out every device but this one, at once. A running focus session goes on here. Whoever is on them has to
        sign in again.
      </ConfirmDialog>
    </>
  );
}
