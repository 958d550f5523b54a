import { useState, type DragEvent } from "react";

const holdsFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer.types.includes("Files");

/** Takes files that are dropped on an element, whose handlers these are. With null it takes none. */
export function useDropping(take: ((files: Iterable<File>) => void) | null) {
  // Entering a child comes before leaving its parent, so the two are counted.
  const [depth, setDepth] = useState(0);
  const when = (act: (event: DragEvent) => void) => (event: DragEvent) => {
    if (take === null || !holdsFiles(event)) return;
    // Otherwise the browser would open the file in place of the page.
    event.preventDefault();
    act(event);
  };
  return {
    isOver: depth > 0,
    onDragEnter: when(() => setDepth((deep) => deep + 1)),
    onDragLeave: when(() => setDepth((deep) => Math.max(0, deep - 1))),
    onDragOver: when(({ dataTransfer }) => (dataTransfer.dropEffect = "copy")),
    onDrop: when(({ dataTransfer }) => {
      setDepth(0);
      take?.(dataTransfer.files);
    }),
  };
}
