/** The categories offered for goals and activities. REST accepts any other name. */
const CATEGORIES = [
  { name: "Fitness", color: "#e5484d", emoji: "🏃" },
  { name: "Health", color: "#f5a524", emoji: "🌿" },
  { name: "Study", color: "#3b82f6", emoji: "📚" },
  { name: "Coding", color: "#6366f1", emoji: "💻" },
  { name: "Language", color: "#06b6d4", emoji: "🗣️" },
  { name: "Reading", color: "#8b5cf6", emoji: "📖" },
  { name: "Writing", color: "#a855f7", emoji: "✍️" },
  { name: "Drawing", color: "#ec4899", emoji: "🎨" },
  { name: "Music", color: "#d946ef", emoji: "🎵" },
  { name: "Business", color: "#64748b", emoji: "💼" },
  { name: "Social", color: "#10b981", emoji: "🤝" },
  { name: "Chores", color: "#84cc16", emoji: "🧹" },
  { name: "Other", color: "#78716c", emoji: "✨" },
] as const;

/** The category that forms begin with. It says nothing, so rates follow from the words until somebody chooses. */
export const UNDECIDED = "Other";

/** The length of a goal that forms begin with. */
export const DEFAULT_DAYS = 30;

export type Category = (typeof CATEGORIES)[number];

export const categoryNamed = (name: string): Category =>
  CATEGORIES.find((category) => category.name === name) ?? CATEGORIES[0];

export const CATEGORY_OPTIONS = CATEGORIES.map(({ name }) => ({ value: name, label: name }));
