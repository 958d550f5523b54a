import { useMutation } from "convex/react";
import { KeyRound, Plus } from "lucide-react";
import { useState } from "react";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { DataList } from "@/components/DataList";
import { RelativeTime } from "@/components/RelativeTime";
import { SecretDialog } from "@/components/SecretDialog";
import { EmptyState } from "@/components/states";
import { Button } from "@/components/ui/button";
import { Card, CardTitle } from "@/components/ui/card";
import { api } from "@/lib/api";
import { useQueryState } from "@/lib/live/useQueryState";
import { toast } from "@/lib/toasts";
import { rich, t } from "@/messages/translate";
import type { ServiceKey } from "./api";
import { KeyDialog } from "./KeyDialog";
import { scopeText } from "./scopes";

/** The keys of programs. Shown to those who may manage them. */
export function ServiceKeysCard() {
  const keys = useQueryState(api.operations.serviceKeys.list, {});
  const make = useMutation(api.operations.serviceKeys.make);
  const rotate = useMutation(api.operations.serviceKeys.rotate);
  const end = useMutation(api.operations.serviceKeys.end);
  const [making, setMaking] = useState(false);
  const [asking, setAsking] = useState<{ act: "rotate" | "end"; name: string } | null>(null);
  const [key, setKey] = useState<string | null>(null);
  const asks = (act: "rotate" | "end") => ({ open: asking?.act === act, onOpenChange: () => setAsking(null) });
  const name = asking?.name ?? "";
  return (
    <Card id="keys" aria-label={t("operations.serviceKeys")}>
      <div className="mb-2 flex flex-wrap items-center justify-between gap-3">
        <div>
          <CardTitle>{t("operations.serviceKeys")}</CardTitle>
          <p className="mt-1 text-sm text-muted-foreground">{t("operations.serviceKeysNote")}</p>
        </div>
        <Button variant="secondary" size="sm" onClick={() => setMaking(true)}>
          <Plus />
          {t("operations.makeKey")}
        </Button>
      </div>
      <DataList
        state={keys}
        label={t("operations.serviceKeys")}
        keyOf={(each) => `${each.name} ${each.createdAt}`}
        row={(each) => (
          <KeyRow
            entry={each}
            rotate={() => setAsking({ act: "rotate", name: each.name })}
            end={() => setAsking({ act: "end", name: each.name })}
          />
        )}
        empty={<EmptyState icon={<KeyRound />}>{t("operations.noKeys")}</EmptyState>}
      />
      <KeyDialog open={making} onOpenChange={setMaking} make={async (wanted) => setKey(await make(wanted))} />
      <ConfirmDialog
        {...asks("rotate")}
        danger={false}
        title={t("operations.rotateQuestion", { name })}
        confirm={t("operations.rotate")}
        onConfirm={async () => setKey(await rotate({ name }))}
      >
        {t("operations.rotateNote")}
      </ConfirmDialog>
      <ConfirmDialog
        {...asks("end")}
        title={t("operations.endQuestion", { name })}
        confirm={t("operations.endKey")}
        onConfirm={async () => {
          await end({ name });
          toast(t("operations.ended", { name }));
        }}
      >
        {t("operations.endNote")}
      </ConfirmDialog>
      <SecretDialog
        title={t("operations.key")}
        label={t("operations.key")}
        secret={key}
        copied={t("operations.keyCopied")}
        onClose={() => setKey(null)}
      />
    </Card>
  );
}

type RowProps = { entry: ServiceKey; rotate: () => void; end: () => void };

/** A key in force. One that a rotation has replaced ends by itself. */
function KeyRow({ entry: { name, prefix, scopes, createdAt, endsAt }, rotate, end }: RowProps) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 py-3 text-sm">
      <div className="min-w-0 flex-1 basis-48">
        <p className="font-medium break-words">{name}</p>
        <p className="mt-0.5 text-xs text-muted-foreground">
          {prefix !== null && <code>{prefix}… · </code>}
          {scopes.map(scopeText).join(" · ")}
          {" · "}
          {endsAt === null
            ? rich("operations.madeAt", { time: () => <RelativeTime at={createdAt} /> })
            : rich("operations.endsAt", { time: () => <RelativeTime at={endsAt} /> })}
        </p>
      </div>
      {endsAt === null && (
        <div className="flex gap-1">
          <Button variant="ghost" size="sm" aria-label={`${t("operations.rotate")} ${name}`} onClick={rotate}>
            {t("operations.rotate")}
          </Button>
          <Button variant="quietDanger" size="sm" aria-label={`${t("operations.endKey")} ${name}`} onClick={end}>
            {t("operations.endKey")}
          </Button>
        </div>
      )}
    </div>
  );
}
