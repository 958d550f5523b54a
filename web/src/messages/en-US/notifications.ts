export default {
  menu: "Notifications, {count, number} unread",
  latest: "Latest notifications",
  nothingNew: "No new notifications.",
  all: "All notifications",
  unread: "Unread",
  unreadCount: "{count, number} unread",
  markAllRead: "Mark all as read",
  empty: "Booking requests, session changes, and reminders appear here.",
  unreadLabel: "unread",
} as const;
