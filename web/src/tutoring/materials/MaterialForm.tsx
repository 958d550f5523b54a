import { NOTE_MAX, TITLE_MAX } from "@convex/tutoring/rules";
import { useMutation } from "convex/react";
import { useEffect, useRef, useState } from "react";
import { useMe } from "@/accounts/MeProvider";
import { FormField } from "@/components/FormField";
import { FormFooter } from "@/components/FormFooter";
import { ResumedNote } from "@/components/ResumedNote";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { Input, Textarea } from "@/components/ui/input";
import { Segmented } from "@/components/ui/segmented";
import { api } from "@/lib/api";
import type { FieldErrors } from "@/lib/errors";
import { type FormState, useForm } from "@/lib/forms/useForm";
import { useFormDraft } from "@/lib/forms/useFormDraft";
import { t } from "@/messages/translate";
import type { Material } from "../types";
import { ACCEPT, findFileProblem, titleOf, TYPES_HINT } from "./fileRules";
import { Progress } from "./Progress";
import { upload, type Upload } from "./upload";

type Type = Material["type"];
type DialogProps = { sessionId: number; material?: Material; open: boolean; onOpenChange: (open: boolean) => void };

/** Adds a material, or changes the one that is given. */
export function MaterialDialog({ sessionId, material, open, onOpenChange }: DialogProps) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent
        title={material ? t("tutoring.editMaterial") : t("tutoring.addMaterial")}
        description={t("tutoring.materialNote")}
      >
        <MaterialForm sessionId={sessionId} material={material} close={() => onOpenChange(false)} />
      </DialogContent>
    </Dialog>
  );
}

const TYPES = [
  { value: "file", label: t("tutoring.file") },
  { value: "link", label: t("tutoring.link") },
  { value: "note", label: t("tutoring.note") },
] as const;

type FormProps = { sessionId: number; material: Material | undefined; close: () => void };

function MaterialForm({ sessionId, material, close }: FormProps) {
  const add = useMutation(api.tutoring.materials.add);
  const update = useMutation(api.tutoring.materials.update);
  const draft = useFormDraft(`material:${useMe().id}:${sessionId}:${material?.id ?? "new"}`, readEntries(material));
  const { type, url, content } = draft.entries;
  const [file, setFile] = useState<File | null>(null);
  // The title is the file's name until one is entered.
  const title = draft.entries.title ?? (file ? titleOf(file) : "");
  const { sent, send } = useUpload(sessionId);

  const form = useForm({
    names: ["title", "file", "url", "content"],
    check: () => problems({ type, title, url, content, file, keepsFile: material?.type === "file" }),
    save: async () => {
      const bodies = {
        link: () => ({ url }),
        note: () => ({ content }),
        file: async () => (file ? { fileName: file.name, storageId: await send(file) } : {}),
      };
      const terms = { sessionId, title, type, ...(await bodies[type]()) };
      await (material ? update({ ...terms, id: material.id }) : add(terms));
      draft.forget();
      close();
    },
  });

  const choose = (chosen: File | null) => {
    setFile(chosen);
    form.touched("file");
    if (title.trim() === "") draft.edit({ title: null });
  };
  const values = { title, url, content };
  const text = (name: keyof typeof values) => ({
    value: values[name],
    onChange: (event: { target: { value: string } }) => {
      draft.edit({ [name]: event.target.value });
      form.touched(name);
    },
  });
  const cancel = () => {
    // A user who stops an upload may want to try again. Otherwise canceling gives up the entries.
    if (sent === null) draft.forget();
    close();
  };

  return (
    <form noValidate onSubmit={form.submit} className="space-y-4">
      {draft.resumed && (
        <ResumedNote startOver={draft.startOver}>
          {type === "file" && !material && t("tutoring.resumedNoFile")}
        </ResumedNote>
      )}
      <Segmented<Type>
        label={t("tutoring.materialType")}
        value={type}
        options={TYPES}
        onChange={(next) => draft.edit({ type: next })}
      />
      {type === "file" && <FileField form={form} replaces={material?.type === "file"} choose={choose} />}
      <FormField form={form} name="title" label={t("common.title")}>
        {(wiring) => <Input {...wiring} maxLength={TITLE_MAX} {...text("title")} />}
      </FormField>
      {type === "link" && <LinkField form={form} {...text("url")} />}
      {type === "note" && <NoteField form={form} {...text("content")} />}
      {sent !== null && <Progress part={sent} />}
      <FormFooter
        form={form}
        submit={material ? t("common.saveChanges") : t("tutoring.add")}
        onCancel={cancel}
        cancel={sent !== null ? t("tutoring.stopUpload") : t("common.cancel")}
      />
    </form>
  );
}

const readEntries = (material: Material | undefined) => ({
  type: material?.type ?? "file",
  title: material?.title ?? null,
  url: material?.url ?? "",
  content: material?.content ?? "",
});

/** Uploads a file. `sent` is the part that has arrived, or null when no upload runs. */
function useUpload(sessionId: number) {
  const generateUploadUrl = useMutation(api.tutoring.materials.generateUploadUrl);
  const [sent, setSent] = useState<number | null>(null);
  const running = useRef<Upload | null>(null);
  // Closing the dialog stops the upload. Nothing has been added then.
  useEffect(() => () => running.current?.abort(), []);

  const send = async (file: File): Promise<string> => {
    setSent(0);
    try {
      running.current = upload(await generateUploadUrl({ sessionId }), file, setSent);
      return await running.current.storageId;
    } finally {
      running.current = null;
      setSent(null);
    }
  };
  return { sent, send };
}

type TextProps = { form: FormState; value: string; onChange: (event: { target: { value: string } }) => void };

function FileField({
  form,
  replaces,
  choose,
}: {
  form: FormState;
  replaces: boolean;
  choose: (file: File | null) => void;
}) {
  return (
    <FormField
      form={form}
      name="file"
      label={replaces ? t("tutoring.replaceFile") : t("tutoring.file")}
      hint={TYPES_HINT}
    >
      {(wiring) => (
        <Input
          {...wiring}
          type="file"
          accept={ACCEPT}
          className="h-auto py-2 file:mr-3 file:rounded-control file:border-0 file:bg-surface-muted file:px-3 file:py-1 file:text-sm file:text-foreground"
          onChange={(event) => choose(event.target.files?.[0] ?? null)}
        />
      )}
    </FormField>
  );
}

function LinkField({ form, ...text }: TextProps) {
  return (
    <FormField form={form} name="url" label={t("tutoring.url")}>
      {(wiring) => <Input {...wiring} type="url" inputMode="url" placeholder="https://" maxLength={2048} {...text} />}
    </FormField>
  );
}

function NoteField({ form, ...text }: TextProps) {
  return (
    <FormField form={form} name="content" label={t("tutoring.note")}>
      {(wiring) => <Textarea {...wiring} className="min-h-40" maxLength={NOTE_MAX} {...text} />}
    </FormField>
  );
}

type Entered = { type: Type; title: string; url: string; content: string; file: File | null; keepsFile: boolean };

function problems({ type, title, url, content, file, keepsFile }: Entered): FieldErrors {
  const fields: FieldErrors = {};
  if (title.trim() === "") fields.title = [t("common.enterTitle")];
  if (type === "link" && !/^https?:\/\/\S+$/i.test(url.trim())) fields.url = [t("tutoring.urlRule")];
  if (type === "note" && content.trim() === "") fields.content = [t("tutoring.enterNote")];
  if (type === "file" && !file && !keepsFile) fields.file = [t("tutoring.chooseFile")];
  const problem = type === "file" && file ? findFileProblem(file) : null;
  if (problem !== null) fields.file = [problem];
  return fields;
}
