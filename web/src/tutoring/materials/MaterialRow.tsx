import { useMutation } from "convex/react";
import {
  Download,
  ExternalLink,
  Eye,
  FileText,
  Link2,
  LoaderCircle,
  Pencil,
  ShieldAlert,
  StickyNote,
  Trash2,
} from "lucide-react";
import { useState } from "react";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { RelativeTime } from "@/components/RelativeTime";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { api } from "@/lib/api";
import { rich, t } from "@/messages/translate";
import type { Material } from "../types";
import { viewingOf } from "./fileRules";
import { MaterialDialog } from "./MaterialForm";
import { ViewerDialog } from "./viewer/ViewerDialog";

const ICONS = { file: FileText, link: Link2, note: StickyNote };

type Props = { material: Material; mayWrite: boolean; mayRead: boolean };

export function MaterialRow({ material, mayWrite, mayRead }: Props) {
  const { id, session, title, type, url, file, fileName, uploadedAt, content } = material;
  const remove = useMutation(api.tutoring.materials.remove);
  const [asking, setAsking] = useState<"edit" | "remove" | "view" | null>(null);
  const dialog = (name: typeof asking) => ({
    open: asking === name,
    onOpenChange: (open: boolean) => setAsking(open ? name : null),
  });
  const viewing = type === "file" ? viewingOf(fileName) : null;
  const Icon = ICONS[type];
  return (
    <div className="flex flex-wrap items-start gap-x-3 gap-y-2 py-3">
      <Icon className="mt-0.5 size-4.5 shrink-0 text-muted-foreground" />
      <div className="min-w-40 flex-1">
        <p className="text-sm font-medium">{title}</p>
        <p className="text-xs break-all text-muted-foreground">
          {fileName && `${fileName} · `}
          {type === "link" && url && `${hostOf(url)} · `}
          {rich("tutoring.added", { time: () => <RelativeTime at={uploadedAt} /> })}
        </p>
        {mayRead && <ScanState material={material} />}
        {content && (
          <details className="mt-1 text-sm">
            <summary className="cursor-pointer text-accent-text">{t("tutoring.readNote")}</summary>
            <p className="mt-1 whitespace-pre-line">{content}</p>
          </details>
        )}
      </div>
      <div className="flex items-center gap-1">
        {mayRead && file && viewing && (
          <>
            <Button
              size="sm"
              variant="secondary"
              aria-label={t("tutoring.openLink", { title })}
              onClick={() => setAsking("view")}
            >
              <Eye />
              {t("common.open")}
            </Button>
            <ViewerDialog title={title} file={file} viewing={viewing} {...dialog("view")} />
          </>
        )}
        {mayRead && file && (
          <Button asChild size="sm" variant="secondary">
            <a href={file} download={fileName} aria-label={t("tutoring.downloadFile", { name: fileName })}>
              <Download />
              {t("tutoring.download")}
            </a>
          </Button>
        )}
        {mayRead && type === "link" && (
          <Button asChild size="sm" variant="secondary">
            <a
              href={url}
              target="_blank"
              rel="noopener noreferrer nofollow"
              aria-label={t("tutoring.openLink", { title })}
            >
              <ExternalLink />
              {t("common.open")}
            </a>
          </Button>
        )}
        {mayWrite && (
          <>
            <Button
              size="iconSm"
              variant="ghost"
              aria-label={t("tutoring.editNamed", { title })}
              onClick={() => setAsking("edit")}
            >
              <Pencil />
            </Button>
            <Button
              size="iconSm"
              variant="ghost"
              aria-label={t("tutoring.removeNamed", { title })}
              onClick={() => setAsking("remove")}
            >
              <Trash2 />
            </Button>
            <MaterialDialog sessionId={session} material={material} {...dialog("edit")} />
            <ConfirmDialog
              {...dialog("remove")}
              title={t("tutoring.removeQuestion", { title })}
              confirm={t("tutoring.remove")}
              onConfirm={() => remove({ sessionId: session, id })}
            >
              {t("tutoring.removeNote", { type })}
            </ConfirmDialog>
          </>
        )}
      </div>
    </div>
  );
}

/** The state of a file's scan; nothing once it is clean. */
function ScanState({ material: { scanStatus } }: { material: Material }) {
  if (scanStatus === null || scanStatus === "clean") return null;
  return (
    <p role="status" className="mt-1">
      {scanStatus === "pending" ? (
        <Badge tone="warning">
          <LoaderCircle className="animate-spin" />
          {t("tutoring.scanning")}
        </Badge>
      ) : (
        <Badge tone="danger">
          <ShieldAlert /> {scanStatus === "infected" ? t("tutoring.infected") : t("tutoring.notScanned")}
        </Badge>
      )}
    </p>
  );
}

function hostOf(url: string): string {
  try {
    return new URL(url).host;
  } catch {
    return "";
  }
}
