/**
 * Activities that every deployment offers without seeding. They live in code: their ids never change, so sessions may
 * refer to them for ever, and reading one costs no read of the database.
 */
export type Activity = { id: string; name: string; emoji: string; category: string; color: string };

const FAMILY = "5f0c5a1e-0000-4000-8000-";

/** Number, name, emoji, category and color of each. */
const ROWS: readonly [number: number, name: string, emoji: string, category: string, color: string][] = [
  [1, "Drawing", "🎨", "Creativity", "#4187a2"],
  [2, "Painting", "🖌️", "Creativity", "#a855f7"],
  [3, "Writing", "✍️", "Creativity", "#8b5cf6"],
  [4, "Playing guitar", "🎸", "Music", "#d97706"],
  [5, "Playing piano", "🎹", "Music", "#b45309"],
  [6, "Singing", "🎤", "Music", "#db2777"],
  [7, "Photography", "📷", "Creativity", "#0891b2"],
  [8, "Programming", "💻", "Coding", "#2563eb"],
  [9, "Mathematics", "📐", "Study", "#1d4ed8"],
  [10, "Studying", "📚", "Study", "#0f766e"],
  [11, "Reading", "📖", "Reading", "#0d9488"],
  [12, "Language practice", "🗣️", "Language", "#059669"],
  [13, "Chess", "♟️", "Games", "#475569"],
  [14, "Planning", "🗂️", "Business", "#64748b"],
  [15, "Running", "🏃", "Fitness", "#dc2626"],
  [16, "Cycling", "🚴", "Fitness", "#ea580c"],
  [17, "Swimming", "🏊", "Fitness", "#0284c7"],
  [18, "Strength training", "🏋️", "Fitness", "#b91c1c"],
  [19, "Climbing", "🧗", "Fitness", "#c2410c"],
  [20, "Yoga", "🧘", "Wellness", "#65a30d"],
  [21, "Meditation", "🕯️", "Wellness", "#4d7c0f"],
  [22, "Walking", "🚶", "Wellness", "#16a34a"],
  [23, "Cooking", "🍳", "Cooking", "#ca8a04"],
  [24, "Cleaning", "🧹", "Chores", "#78716c"],
  [25, "Gardening", "🌱", "Chores", "#15803d"],
  [26, "Teaching", "🧑‍🏫", "Social", "#e11d48"],
  [27, "Volunteering", "🤝", "Social", "#be185d"],
  [28, "Public speaking", "🎙️", "Social", "#9d174d"],
];

export const BUILT_IN_ACTIVITIES: readonly Activity[] = ROWS.map(([number, name, emoji, category, color]) => ({
  id: `${FAMILY}${String(number).padStart(12, "0")}`,
  name,
  emoji,
  category,
  color,
}));

const byId = new Map(BUILT_IN_ACTIVITIES.map((activity) => [activity.id, activity]));

/** The built-in activity of that id, or undefined. */
export const getBuiltInActivity = (id: string): Activity | undefined => byId.get(id);
