import { useMutation } from "convex/react";
import {
  BookOpen,
  Bot,
  Car,
  Gamepad2,
  Glasses,
  Laptop,
  Smartphone,
  Tablet,
  Terminal,
  Tv,
  Watch,
  type LucideIcon,
} from "lucide-react";
import { useState } from "react";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { RelativeTime } from "@/components/RelativeTime";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { api } from "@/lib/api";
import { useQueryState } from "@/lib/live/useQueryState";
import { toast } from "@/lib/toasts";
import { rich, t } from "@/messages/translate";
import type { Device } from "./api";

const METHODS: Record<string, string> = {
  password: t("accounts.password"),
  google: t("accounts.google"),
  migration: t("accounts.migrated"),
  anonymous: t("accounts.guest"),
};

const FORM_ICONS: Record<string, LucideIcon> = {
  Mobile: Smartphone,
  Tablet,
  TV: Tv,
  Console: Gamepad2,
  Headset: Glasses,
  "E-reader": BookOpen,
  Watch,
  Car,
  Bot,
};

function DeviceIcon({ info: { device, os } }: { info: Device["deviceInfo"] }) {
  const Icon = FORM_ICONS[device] ?? (os && !/unknown/i.test(os) ? Laptop : Terminal);
  return <Icon className="size-5" />;
}

/** One device, and the dialog that signs it out. */
export function DeviceRow({ device }: { device: Device }) {
  const end = useMutation(api.accounts.sessions.end);
  const dismiss = useMutation(api.accounts.alerts.dismiss);
  const alerts = useQueryState(api.accounts.alerts.list, {});
  const told = alerts.kind === "ready" ? alerts.data.filter(({ session }) => session.id === device.id) : [];
  const [asking, setAsking] = useState(false);
  const run = async () => {
    await end({ id: device.id });
    // Who signs a device out here has seen it; what remains would only repeat it.
    await Promise.all(told.map(({ id }) => dismiss({ id }))).catch(() => undefined);
    if (!device.isCurrent) toast(t("accounts.deviceSignedOut", { device: device.deviceName }));
  };
  return (
    <div className="grid grid-cols-[auto_minmax(0,1fr)_auto] items-start gap-x-3 py-4 xl:grid-cols-[auto_minmax(0,3fr)_minmax(0,2fr)_minmax(0,4fr)_auto] xl:items-center xl:gap-x-6">
      <span className="row-span-3 grid size-10 shrink-0 place-items-center rounded-control bg-surface-muted text-muted-foreground xl:row-span-1">
        <DeviceIcon info={device.deviceInfo} />
      </span>
      <p className="flex flex-wrap items-center gap-2 text-sm font-medium">
        {device.deviceName}
        {device.isCurrent && <Badge tone="accent">{t("accounts.thisDevice")}</Badge>}
      </p>
      <p className="col-span-2 col-start-2 mt-0.5 text-xs text-muted-foreground xl:col-auto xl:mt-0 xl:text-sm">
        {[device.location, device.ipAddress || null].filter(Boolean).join(" · ") || t("accounts.unknownLocation")}
      </p>
      <p className="col-span-2 col-start-2 mt-0.5 text-xs text-muted-foreground xl:col-auto xl:mt-0">
        {rich(device.isCurrent ? "accounts.usedNow" : "accounts.usedAt", {
          method: METHODS[device.loginMethod] ?? device.loginMethod,
          signedIn: () => <RelativeTime at={device.createdAt} />,
          lastUsed: () => <RelativeTime at={device.lastActivity} />,
        })}
      </p>
      <Button
        variant="quietDanger"
        size="sm"
        className="col-start-3 row-start-1 -my-1.5 xl:col-auto xl:row-auto xl:my-0"
        onClick={() => setAsking(true)}
        aria-label={t("accounts.signOutDevice", { device: device.deviceName })}
      >
        {t("accounts.signOut")}
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={
          device.isCurrent
            ? t("accounts.signOutHere")
            : t("accounts.signOutDeviceQuestion", { device: device.deviceName })
        }
        confirm={t("accounts.signOut")}
        onConfirm={run}
      >
        {device.isCurrent ? t("accounts.signOutHereNote") : t("accounts.signOutDeviceNote")}
      </ConfirmDialog>
    </div>
  );
}
