import { FolderOpen, Plus } from "lucide-react";
import { useState } from "react";
import { DataList } from "@/components/DataList";
import { EmptyState, ListSkeleton } from "@/components/states";
import { Button } from "@/components/ui/button";
import { Card, CardTitle } from "@/components/ui/card";
import { api } from "@/lib/api";
import { useQueryState } from "@/lib/live/useQueryState";
import { t } from "@/messages/translate";
import { MaterialDialog } from "./MaterialForm";
import { MaterialRow } from "./MaterialRow";

type Props = {
  id: number;
  mayWrite: boolean;
  /** False for those who may see that a material exists, but not its content. */ mayRead: boolean;
};

/** A session's files, links and notes. */
export function MaterialsCard({ id, mayWrite, mayRead }: Props) {
  const materials = useQueryState(api.tutoring.materials.list, { sessionId: id });
  const [adding, setAdding] = useState(false);
  const add = (
    <Button size="sm" variant="secondary" onClick={() => setAdding(true)}>
      <Plus />
      {t("tutoring.addMaterial")}
    </Button>
  );
  const isEmpty = materials.kind === "ready" && materials.data.length === 0;
  return (
    <Card aria-label={t("tutoring.materials")}>
      <div className="mb-2 flex items-center justify-between gap-3">
        <CardTitle>{t("tutoring.materials")}</CardTitle>
        {mayWrite && !isEmpty && add}
      </div>
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
