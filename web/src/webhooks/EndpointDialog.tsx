import { FormField } from "@/components/FormField";
import { FormFooter } from "@/components/FormFooter";
import { ResumedNote } from "@/components/ResumedNote";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { Input } from "@/components/ui/input";
import { useForm } from "@/lib/forms/useForm";
import { useFormDraft } from "@/lib/forms/useFormDraft";
import { t } from "@/messages/translate";
import type { Endpoint, Settings } from "./api";
import { EventsField } from "./EventsField";
import { ALL } from "./words";

type Props = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** The one to change; without it a new one is made. */
  endpoint?: Endpoint;
  save: (settings: Settings) => Promise<unknown>;
};

/** Where events are sent, and which. */
export function EndpointDialog({ open, onOpenChange, endpoint, save }: Props) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent
        title={endpoint ? t("webhooks.editTitle") : t("webhooks.add")}
        description={endpoint ? undefined : t("webhooks.addNote")}
      >
        <EndpointForm {...(endpoint && { endpoint })} save={save} close={() => onOpenChange(false)} />
      </DialogContent>
    </Dialog>
  );
}

function EndpointForm({ endpoint, save, close }: Pick<Props, "endpoint" | "save"> & { close: () => void }) {
  const draft = useFormDraft(`webhook:${endpoint?.id ?? "new"}`, {
    url: endpoint?.url ?? "",
    description: endpoint?.description ?? "",
    events: (endpoint?.events ?? [ALL]).join(" "),
  });
  const { url, description } = draft.entries;
  const events = draft.entries.events.split(" ").filter(Boolean);
  const form = useForm({
    names: ["url", "description", "events"],
    check: () => ({
      ...(url.trim() === "" && { url: [t("webhooks.enterUrl")] }),
      ...(events.length === 0 && { events: [t("webhooks.chooseEvent")] }),
    }),
    save: async () => {
      await save({ url: url.trim(), description: description.trim(), events });
      draft.forget();
      close();
    },
  });
  const cancel = () => {
    draft.forget();
    close();
  };
  return (
    <form noValidate onSubmit={form.submit} className="space-y-4">
      {draft.resumed && <ResumedNote startOver={draft.startOver} />}
      <FormField form={form} name="url" label={t("webhooks.url")} hint={t("webhooks.urlNote")}>
        {(wiring) => (
          <Input
            {...wiring}
            autoFocus
            type="url"
            inputMode="url"
            maxLength={2_048}
            placeholder="https://example.com/hooks"
            value={url}
            onChange={(event) => {
              draft.edit({ url: event.target.value });
              form.touched("url");
            }}
          />
        )}
      </FormField>
      <FormField form={form} name="description" label={t("webhooks.description")} hint={t("webhooks.descriptionNote")}>
        {(wiring) => (
          <Input
            {...wiring}
            maxLength={500}
            value={description}
            onChange={(event) => {
              draft.edit({ description: event.target.value });
              form.touched("description");
            }}
          />
        )}
      </FormField>
      <EventsField
        form={form}
        chosen={events}
        onChange={(chosen) => {
          draft.edit({ events: chosen.join(" ") });
          form.touched("events");
        }}
      />
      <FormFooter form={form} submit={endpoint ? t("common.saveChanges") : t("webhooks.add")} onCancel={cancel} />
    </form>
  );
}
