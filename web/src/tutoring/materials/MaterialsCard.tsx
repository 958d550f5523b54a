import { Files, FolderOpen, Plus } from "lucide-react";
import { useRef, useState } from "react";
import { DataList } from "@/components/DataList";
import { EmptyState, ListSkeleton } from "@/components/states";
import { Button } from "@/components/ui/button";
import { Card, CardTitle } from "@/components/ui/card";
import { api } from "@/lib/api";
import { cn } from "@/lib/cn";
import { useQueryState } from "@/lib/live/useQueryState";
import { t } from "@/messages/translate";
import { ACCEPT } from "./fileRules";
import { MaterialDialog } from "./MaterialForm";
import { MaterialRow } from "./MaterialRow";
import { UploadList } from "./UploadList";
import { useDropping } from "./useDropping";
import { useUploads } from "./useUploads";

type Props = {
  id: number;
  mayWrite: boolean;
  /** False for those who may see that a material exists, but not its content. */ mayRead: boolean;
};

/** A session's files, links and notes. */
export function MaterialsCard({ id, mayWrite, mayRead }: Props) {
  const materials = useQueryState(api.tutoring.materials.list, { sessionId: id });
  const [adding, setAdding] = useState(false);
  const { sendings, addFiles, stop } = useUploads(id);
  const { isOver, ...dropping } = useDropping(mayWrite ? addFiles : null);
  const add = (
    <div className="flex flex-wrap justify-center gap-2">
      <Button size="sm" variant="secondary" onClick={() => setAdding(true)}>
        <Plus />
        {t("tutoring.addMaterial")}
      </Button>
      <FilesButton addFiles={addFiles} />
    </div>
  );
  const isEmpty = materials.kind === "ready" && materials.data.length === 0;
  return (
    <Card
      aria-label={t("tutoring.materials")}
      className={cn(isOver && "outline-2 outline-dashed outline-accent")}
      {...dropping}
    >
      <div className="mb-2 flex flex-wrap items-center justify-between gap-3">
        <CardTitle>{t("tutoring.materials")}</CardTitle>
        {mayWrite && !isEmpty && add}
      </div>
      {mayWrite && <p className="mb-2 text-xs text-muted-foreground max-sm:hidden">{t("tutoring.dropHint")}</p>}
      <UploadList sendings={sendings} stop={stop} />
      {!mayRead && !isEmpty && <p className="text-sm text-muted-foreground">{t("tutoring.materialsClosed")}</p>}
      <DataList
        state={materials}
        label={t("tutoring.materials")}
        keyOf={({ id: material }) => material}
        row={(material) => <MaterialRow material={material} mayWrite={mayWrite} mayRead={mayRead} />}
        skeleton={<ListSkeleton rows={1} />}
        empty={
          <EmptyState icon={<FolderOpen />} className="py-4" action={mayWrite ? add : undefined}>
            {mayWrite ? t("tutoring.materialsInvite") : t("tutoring.materialsEmpty")}
          </EmptyState>
        }
      />
      {mayWrite && <MaterialDialog sessionId={id} open={adding} onOpenChange={setAdding} />}
    </Card>
  );
}

/** Chooses several files at once. */
function FilesButton({ addFiles }: { addFiles: (files: Iterable<File>) => void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button size="sm" variant="secondary" onClick={() => input.current?.click()}>
        <Files />
        {t("tutoring.addFiles")}
      </Button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={t("tutoring.addFiles")}
        accept={ACCEPT}
        onChange={({ target }) => {
          addFiles(target.files ?? []);
          // The same file can be chosen again.
          target.value = "";
        }}
      />
    </>
  );
}
