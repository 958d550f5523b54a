import { FolderOpen, Plus } from "lucide-react";
import { useState } from "react";
import { DataList } from "@/components/DataList";
import { EmptyState, ListSkeleton } from "@/components/states";
import { Button } from "@/components/ui/button";
import { Card, CardTitle } from "@/components/ui/card";
import { api } from "@/lib/api";
import { useQueryState } from "@/lib/live/useQueryState";
import { MaterialDialog } from "./MaterialForm";
import { MaterialRow } from "./MaterialRow";

type Props = {
  id: number;
  mayWrite: boolean;
  /** Others see that a material is there, not what it says. */ mayRead: boolean;
};

/** A session's files, links and notes. */
export function MaterialsCard({ id, mayWrite, mayRead }: Props) {
  const materials = useQueryState(api.tutoring.materials.list, { sessionId: id });
  const [adding, setAdding] = useState(false);
  const add = (
    <Button size="sm" variant="secondary" onClick={() => setAdding(true)}>
      <Plus /> Add material
    </Button>
  );
  const isEmpty = materials.kind === "ready" && materials.data.length === 0;
  return (
    <Card aria-label="Materials">
      <div className="mb-2 flex items-center justify-between gap-3">
        <CardTitle>Materials</CardTitle>
        {mayWrite && !isEmpty && add}
      </div>
      {!mayRead && !isEmpty && <p className="text-sm text-muted-foreground">Open to those who have a seat.</p>}
      <DataList
        state={materials}
        label="Materials"
        keyOf={({ id: material }) => material}
        row={(material) => <MaterialRow material={material} mayWrite={mayWrite} mayRead={mayRead} />}
        skeleton={<ListSkeleton rows={1} />}
        empty={
          <EmptyState icon={<FolderOpen />} className="py-4" action={mayWrite ? add : undefined}>
            {mayWrite ? "Share files, links and notes with those who take part." : "Nothing has been shared yet."}
          </EmptyState>
        }
      />
      {mayWrite && <MaterialDialog sessionId={id} open={adding} onOpenChange={setAdding} />}
    </Card>
  );
}
