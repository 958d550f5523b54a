import { Pause, Pencil, Play, RefreshCw, Send, Trash2 } from "lucide-react";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { MoreActions } from "@/components/MoreActions";
import { PageFailure } from "@/components/PageFailure";
import { PageHeader } from "@/components/PageHeader";
import { RelativeTime } from "@/components/RelativeTime";
import { SecretDialog } from "@/components/SecretDialog";
import { OfflineNote } from "@/components/states";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { api } from "@/lib/api";
import { withAccessNote } from "@/lib/live/withAccessNote";
import { useQueryState } from "@/lib/live/useQueryState";
import { toast } from "@/lib/toasts";
import { useAct } from "@/lib/hooks/useAct";
import { useLastShown } from "@/lib/hooks/useLastShown";
import { PageSkeleton } from "@/shell/ShellSkeleton";
import { rich, t } from "@/messages/translate";
import { useWebhooks, type Endpoint } from "./api";
import { DeliveriesCard } from "./DeliveriesCard";
import { EndpointCard } from "./EndpointCard";
import { EndpointDialog } from "./EndpointDialog";
import { hostOf, lookOf } from "./words";

/** One endpoint, live: its settings and what was sent to it. */
export function WebhookPage() {
  const { id = "" } = useParams();
  const endpoints = withAccessNote(useQueryState(api.webhooks.endpoints.list, {}), t("webhooks.noAccess"));
  const endpoint = endpoints.kind === "ready" ? endpoints.data.find((each) => each.id === id) : undefined;
  const shown = useLastShown(id, endpoint && hostOf(endpoint.url));
  const [leaving, setLeaving] = useState(false);
  if (endpoint) return <Shown key={id} endpoint={endpoint} setLeaving={setLeaving} />;
  if (endpoints.kind === "loading" || leaving) return <PageSkeleton />;
  const missing = { code: "NOT_FOUND", message: "", fields: {}, retryAfterSeconds: null, data: {} };
  return (
    <PageFailure
      failure={endpoints.kind === "error" ? endpoints.failure : missing}
      retry={endpoints.kind === "error" ? endpoints.retry : () => undefined}
      kind="webhook"
      back={{ to: "/webhooks", label: t("webhooks.backToAll") }}
      shown={shown}
    />
  );
}

type Asking = "pause" | "rotate" | "delete" | null;

/** @param props.setLeaving called with true while the endpoint is deleted from here, which is then no news to tell */
function Shown({ endpoint, setLeaving }: { endpoint: Endpoint; setLeaving: (leaving: boolean) => void }) {
  const { id, url, enabled } = endpoint;
  const webhooks = useWebhooks();
  const navigate = useNavigate();
  const { run, busy, problem } = useAct();
  const [editing, setEditing] = useState(false);
  const [asking, setAsking] = useState<Asking>(null);
  const [secret, setSecret] = useState<string | null>(null);
  const { label, tone } = lookOf(endpoint);
  const asks = (what: Asking) => ({ open: asking === what, onOpenChange: () => setAsking(null) });
  const test = () =>
    run(async () => {
      await webhooks.sendTest(id);
      toast(t("webhooks.testSent"));
    });
  const remove = async () => {
    setLeaving(true);
    try {
      await webhooks.remove(id);
    } catch (error) {
      setLeaving(false);
      throw error;
    }
    toast(t("webhooks.deletedToast"));
    await navigate("/webhooks");
  };
  return (
    <>
      <PageHeader
        title={hostOf(url)}
        status={<Badge tone={tone}>{label}</Badge>}
        description={<span className="break-all">{url}</span>}
        action={
          <>
            {enabled ? (
              <Button busy={busy} onClick={test}>
                <Send />
                {t("webhooks.sendTest")}
              </Button>
            ) : (
              <Button busy={busy} onClick={() => run(() => webhooks.update(id, { enabled: true }))}>
                <Play />
                {t("webhooks.resume")}
              </Button>
            )}
            <Button variant="secondary" onClick={() => setEditing(true)}>
              <Pencil />
              {t("common.edit")}
            </Button>
            <MoreActions
              actions={[
                ...(enabled ? [{ icon: <Pause />, label: t("webhooks.pause"), act: () => setAsking("pause") }] : []),
                { icon: <RefreshCw />, label: t("webhooks.rotate"), act: () => setAsking("rotate") },
                { icon: <Trash2 />, label: t("webhooks.deleteEndpoint"), act: () => setAsking("delete") },
              ]}
            />
          </>
        }
      />
      <OfflineNote className="mb-2" />
      {problem && (
        <p role="alert" className="mb-3 text-sm text-danger-text">
          {problem}
        </p>
      )}
      <StateNote endpoint={endpoint} />
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_18rem]">
        <DeliveriesCard endpoint={endpoint} />
        <EndpointCard endpoint={endpoint} />
      </div>
      <EndpointDialog
        open={editing}
        onOpenChange={setEditing}
        endpoint={endpoint}
        save={(settings) => webhooks.update(id, settings)}
      />
      <ConfirmDialog
        {...asks("pause")}
        danger={false}
        title={t("webhooks.pauseQuestion")}
        confirm={t("webhooks.pause")}
        onConfirm={() => webhooks.update(id, { enabled: false })}
      >
        {t("webhooks.pauseNote")}
      </ConfirmDialog>
      <ConfirmDialog
        {...asks("rotate")}
        danger={false}
        title={t("webhooks.rotateQuestion")}
        confirm={t("webhooks.rotate")}
        onConfirm={async () => setSecret((await webhooks.rotateSecret(id)).secret)}
      >
        {t("webhooks.rotateNote")}
      </ConfirmDialog>
      <ConfirmDialog
        {...asks("delete")}
        title={t("webhooks.deleteQuestion")}
        confirm={t("webhooks.deleteEndpoint")}
        onConfirm={remove}
      >
        {t("webhooks.deleteNote")}
      </ConfirmDialog>
      <SecretDialog
        title={t("webhooks.newSecret")}
        label={t("webhooks.secret")}
        secret={secret}
        copied={t("webhooks.secretCopied")}
        onClose={() => setSecret(null)}
      />
    </>
  );
}

const STOPPED_NOTES = {
  request: t("webhooks.pausedNote"),
  gone: t("webhooks.goneNote"),
  failing: t("webhooks.failingStopped"),
};

/** Why nothing is sent, or that nothing arrives. */
function StateNote({ endpoint: { enabled, disabledBecause, failingSince } }: { endpoint: Endpoint }) {
  if (enabled && failingSince === null) return null;
  return (
    <p role="status" className="mb-6 rounded-control bg-warning-soft px-4 py-3 text-sm text-warning">
      {enabled && failingSince !== null
        ? rich("webhooks.failingNote", { time: () => <RelativeTime at={failingSince} /> })
        : STOPPED_NOTES[disabledBecause ?? "request"]}
    </p>
  );
}
