/** Icons that stand for emoji, because not every system has a font with emoji. */
import {
  BicepsFlexed,
  Bike,
  BookOpen,
  Brain,
  Briefcase,
  Brush,
  Calculator,
  Camera,
  Code,
  Coffee,
  CookingPot,
  Crown,
  Dog,
  DraftingCompass,
  Dumbbell,
  Flame,
  FlameKindling,
  Flower2,
  FolderOpen,
  Footprints,
  Gamepad2,
  GraduationCap,
  Guitar,
  Handshake,
  Heart,
  House,
  Languages,
  Laptop,
  Leaf,
  LibraryBig,
  Mic,
  MicVocal,
  Microscope,
  Moon,
  MountainSnow,
  Music,
  NotebookPen,
  Paintbrush,
  Palette,
  PenLine,
  Piano,
  Plane,
  Puzzle,
  Sparkles,
  Sprout,
  Sun,
  Target,
  Waves,
  Wrench,
  type LucideIcon,
} from "lucide-react";

const ICONS = new Map<string, LucideIcon>([
  ["🏃", Footprints],
  ["🌿", Leaf],
  ["📚", LibraryBig],
  ["💻", Laptop],
  ["🗣", Languages],
  ["📖", BookOpen],
  ["✍", PenLine],
  ["🎨", Palette],
  ["🎵", Music],
  ["💼", Briefcase],
  ["🤝", Handshake],
  ["🧹", Brush],
  ["✨", Sparkles],
  ["🦀", Code],
  ["🎯", Target],
  ["🧗", MountainSnow],
  ["🏋", Dumbbell],
  ["💪", BicepsFlexed],
  ["🚴", Bike],
  ["🏊", Waves],
  ["🧘", Flower2],
  ["🎸", Guitar],
  ["🎹", Piano],
  ["🌱", Sprout],
  ["🍳", CookingPot],
  ["🧠", Brain],
  ["🔬", Microscope],
  ["🧮", Calculator],
  ["📝", NotebookPen],
  ["☕", Coffee],
  ["🌙", Moon],
  ["☀", Sun],
  ["❤", Heart],
  ["🔥", Flame],
  ["🏠", House],
  ["🛠", Wrench],
  ["🎮", Gamepad2],
  ["🧩", Puzzle],
  ["📷", Camera],
  ["✈", Plane],
  ["🐕", Dog],
  ["🖌", Paintbrush],
  ["🎤", MicVocal],
  ["🎙", Mic],
  ["📐", DraftingCompass],
  ["♟", Crown],
  ["🗂", FolderOpen],
  ["🕯", FlameKindling],
  ["🚶", Footprints],
  ["🧑‍🏫", GraduationCap],
]);

/** The icon for an emoji in any tone of skin, for either gender; null for an emoji that has none. */
export function iconOf(emoji: string): LucideIcon | null {
  const plain = emoji.trim().replace(/[\ufe0e\ufe0f]|\p{Emoji_Modifier}/gu, "");
  return ICONS.get(plain) ?? ICONS.get(plain.replace(/\u200d.*$/u, "")) ?? null;
}

/** The first letter of a name, for where neither an icon nor a font has the emoji. */
export const initialOf = (name: string): string => /[\p{L}\p{N}]\p{M}*/u.exec(name)?.[0].toUpperCase() ?? "•";

let known: boolean | undefined;

/** Whether the system has a font with emoji: those come in colors. */
export function hasEmojiFont(): boolean {
  known ??= drawsColors("😀");
  return known;
}

function drawsColors(text: string): boolean {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [16, 16];
  const context = canvas.getContext("2d", { willReadFrequently: true });
  // Without a canvas nobody can tell; most systems have the font.
  if (!context) return true;
  context.font = "14px sans-serif";
  context.fillText(text, 0, 13);
  const { data } = context.getImageData(0, 0, 16, 16);
  return data.some((value, index) => index % 4 === 0 && Math.abs(value - (data[index + 2] ?? value)) > 32);
}
