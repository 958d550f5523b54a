import { cn } from "@/lib/cn";
import { DIMENSION_LOOK, type Dimension } from "./dimensions";

export function DimensionIcon({ dimension, className }: { dimension: Dimension; className?: string }) {
  const { icon: Icon, color } = DIMENSION_LOOK[dimension];
  return <Icon aria-hidden className={cn("size-4 shrink-0", className)} style={{ color }} />;
}

export function DimensionLabel({ dimension, className }: { dimension: Dimension; className?: string }) {
  return (
    <span className={cn("inline-flex items-center gap-2 text-sm", className)}>
      <DimensionIcon dimension={dimension} />
      {DIMENSION_LOOK[dimension].label}
    </span>
  );
}
