import { useMutation } from "convex/react";
import { Laptop, Smartphone, Tablet, Terminal } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { RelativeTime } from "@/components/RelativeTime";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { api } from "@/lib/api";
import type { Device } from "./api";

const METHODS: Record<string, string> = {
  password: "Password",
  google: "Google",
  migration: "Moved from an older session",
  anonymous: "Guest",
};

function DeviceIcon({ info: { device, os } }: { info: Device["deviceInfo"] }) {
  if (/phone|mobile/i.test(device)) return <Smartphone className="size-5" />;
  if (/tablet/i.test(device)) return <Tablet className="size-5" />;
  return os && !/unknown/i.test(os) ? <Laptop className="size-5" /> : <Terminal className="size-5" />;
}

/** One device, recognisable at a glance, and what happens when it is ended. */
export function DeviceRow({ device }: { device: Device }) {
  const end = useMutation(api.accounts.sessions.end);
  const [asking, setAsking] = useState(false);
  const run = async () => {
    await end({ id: device.id });
    if (!device.isCurrent) toast(`${device.deviceName} was signed out`);
  };
  return (
    <div className="flex items-start gap-3 py-4">
      <span className="grid size-10 shrink-0 place-items-center rounded-control bg-surface-muted text-muted-foreground">
        <DeviceIcon info={device.deviceInfo} />
      </span>
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-2 text-sm font-medium">
          {device.deviceName}
          {device.isCurrent && <Badge tone="accent">This device</Badge>}
        </p>
        <p className="mt-0.5 text-xs text-muted-foreground">
          {[device.location, device.ipAddress || null].filter(Boolean).join(" · ") || "Place unknown"}
        </p>
        <p className="mt-0.5 text-xs text-muted-foreground">
          {METHODS[device.loginMethod] ?? device.loginMethod} · signed in <RelativeTime at={device.createdAt} /> ·{" "}
          {device.isCurrent ? (
            "in use now"
          ) : (
            <>
              last used <RelativeTime at={device.lastActivity} />
            </>
          )}
        </p>
      </div>
      <Button variant="quietDanger" size="sm" onClick={() => setAsking(true)} aria-label={`End ${device.deviceName}`}>
        {device.isCurrent ? "Sign out" : "End"}
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={device.isCurrent ? "Sign out here" : `End ${device.deviceName}`}
        confirm={device.isCurrent ? "Sign out" : "End session"}
        onConfirm={run}
      >
        {device.isCurrent
          ? "You are on this device: it is signed out at once."
          : "It is signed out within a second and shows why. What was being typed there and not yet saved is lost."}
      </ConfirmDialog>
    </div>
  );
}
