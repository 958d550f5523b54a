/**
 * Activities that every deployment offers without seeding. They live in code: their ids never change, so sessions may
 * refer to them for ever, and reading one costs no read of the database.
 */
export type Activity = { id: string; name: string; emoji: string; category: string; color: string };

const FAMILY = "5f0c5a1e-0000-4000-8000-";

const builtIn = (number: number, name: string, emoji: string, category: string, color: string): Activity => ({
  id: `${FAMILY}${String(number).padStart(12, "0")}`,
  name,
  emoji,
  category,
  color,
});

export const BUILT_IN_ACTIVITIES: readonly Activity[] = [
  builtIn(1, "Drawing", "🎨", "Creativity", "#4187a2"),
  builtIn(2, "Painting", "🖌️", "Creativity", "#a855f7"),
  builtIn(3, "Writing", "✍️", "Creativity", "#8b5cf6"),
  builtIn(4, "Playing guitar", "🎸", "Music", "#d97706"),
  builtIn(5, "Playing piano", "🎹", "Music", "#b45309"),
  builtIn(6, "Singing", "🎤", "Music", "#db2777"),
  builtIn(7, "Photography", "📷", "Creativity", "#0891b2"),
  builtIn(8, "Programming", "💻", "Coding", "#2563eb"),
  builtIn(9, "Mathematics", "📐", "Study", "#1d4ed8"),
  builtIn(10, "Studying", "📚", "Study", "#0f766e"),
  builtIn(11, "Reading", "📖", "Reading", "#0d9488"),
  builtIn(12, "Language practice", "🗣️", "Language", "#059669"),
  builtIn(13, "Chess", "♟️", "Games", "#475569"),
  builtIn(14, "Planning", "🗂️", "Business", "#64748b"),
  builtIn(15, "Running", "🏃", "Fitness", "#dc2626"),
  builtIn(16, "Cycling", "🚴", "Fitness", "#ea580c"),
  builtIn(17, "Swimming", "🏊", "Fitness", "#0284c7"),
  builtIn(18, "Strength training", "🏋️", "Fitness", "#b91c1c"),
  builtIn(19, "Climbing", "🧗", "Fitness", "#c2410c"),
  builtIn(20, "Yoga", "🧘", "Wellness", "#65a30d"),
  builtIn(21, "Meditation", "🕯️", "Wellness", "#4d7c0f"),
  builtIn(22, "Walking", "🚶", "Wellness", "#16a34a"),
  builtIn(23, "Cooking", "🍳", "Cooking", "#ca8a04"),
  builtIn(24, "Cleaning", "🧹", "Chores", "#78716c"),
  builtIn(25, "Gardening", "🌱", "Chores", "#15803d"),
  builtIn(26, "Teaching", "🧑‍🏫", "Social", "#e11d48"),
  builtIn(27, "Volunteering", "🤝", "Social", "#be185d"),
  builtIn(28, "Public speaking", "🎙️", "Social", "#9d174d"),
];

const byId = new Map(BUILT_IN_ACTIVITIES.map((activity) => [activity.id, activity]));

/** The built-in activity of that id, or undefined. */
export const builtInActivity = (id: string): Activity | undefined => byId.get(id);
