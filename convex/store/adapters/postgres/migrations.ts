// Written by scripts/store/generate-migrations.ts from scripts/store/migrations. Edit neither by hand.

export type Migration = { name: string; statements: string[] };

export const migrations: Migration[] = [
  {
    name: "0000_initial",
    statements: [
      `CREATE TABLE "activities" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"emoji" text NOT NULL,
	"category" text NOT NULL,
	"color" text NOT NULL,
	"sync_sequence" bigint DEFAULT 0 NOT NULL
);`,
      `CREATE TABLE "business_cards" (
	"token" varchar(255) PRIMARY KEY NOT NULL,
	"company_name" text NOT NULL,
	"industry" text,
	"business_type_id" text,
	"country_code" text,
	"description" text,
	"city" text,
	"business_highlights" text,
	"reason_for_selling" text,
	"revenue" double precision,
	"employee_count" integer,
	"founding_year" integer,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);`,
      `CREATE TABLE "goals" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"title" text NOT NULL,
	"emoji" text NOT NULL,
	"category_name" text NOT NULL,
	"category_color" text NOT NULL,
	"status" text NOT NULL,
	"days_total" integer NOT NULL,
	"days_completed" integer NOT NULL,
	"sync_sequence" bigint DEFAULT 0 NOT NULL
);`,
      `CREATE TABLE "life_levels" (
	"user_id" uuid PRIMARY KEY NOT NULL,
	"xp_physique" bigint DEFAULT 0 NOT NULL,
	"xp_energy" bigint DEFAULT 0 NOT NULL,
	"xp_logic" bigint DEFAULT 0 NOT NULL,
	"xp_creativity" bigint DEFAULT 0 NOT NULL,
	"xp_social" bigint DEFAULT 0 NOT NULL,
	"xp_total" bigint DEFAULT 0 NOT NULL,
	"life_level" integer GENERATED ALWAYS AS ((1 + floor(sqrt(xp_total::double precision / 10000)))::integer) STORED NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);`,
      `CREATE TABLE "sessions" (
	"id" varchar(255) PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"goal_id" uuid NOT NULL,
	"activity_id" uuid NOT NULL,
	"status" varchar(20) NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"total_duration_seconds" bigint,
	"focused_duration_seconds" bigint,
	"xp_total" bigint DEFAULT 0 NOT NULL,
	"xp_physique" bigint DEFAULT 0 NOT NULL,
	"xp_energy" bigint DEFAULT 0 NOT NULL,
	"xp_logic" bigint DEFAULT 0 NOT NULL,
	"xp_creativity" bigint DEFAULT 0 NOT NULL,
	"xp_social" bigint DEFAULT 0 NOT NULL,
	"completed_reason" varchar(20),
	"device_platform" varchar(10),
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"sync_sequence" bigint DEFAULT 0 NOT NULL
);`,
      `CREATE TABLE "users" (
	"id" uuid PRIMARY KEY NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);`,
      `CREATE TABLE "xp_ledger" (
	"session_id" varchar(255) PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"xp_physique" bigint DEFAULT 0 NOT NULL,
	"xp_energy" bigint DEFAULT 0 NOT NULL,
	"xp_logic" bigint DEFAULT 0 NOT NULL,
	"xp_creativity" bigint DEFAULT 0 NOT NULL,
	"xp_social" bigint DEFAULT 0 NOT NULL,
	"xp_total" bigint DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);`,
      `ALTER TABLE "goals" ADD CONSTRAINT "goals_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;`,
      `ALTER TABLE "life_levels" ADD CONSTRAINT "life_levels_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;`,
      `ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;`,
      `ALTER TABLE "sessions" ADD CONSTRAINT "sessions_goal_id_goals_id_fk" FOREIGN KEY ("goal_id") REFERENCES "public"."goals"("id") ON DELETE cascade ON UPDATE no action;`,
      `ALTER TABLE "sessions" ADD CONSTRAINT "sessions_activity_id_activities_id_fk" FOREIGN KEY ("activity_id") REFERENCES "public"."activities"("id") ON DELETE cascade ON UPDATE no action;`,
      `ALTER TABLE "xp_ledger" ADD CONSTRAINT "xp_ledger_session_id_sessions_id_fk" FOREIGN KEY ("session_id") REFERENCES "public"."sessions"("id") ON DELETE cascade ON UPDATE no action;`,
      `ALTER TABLE "xp_ledger" ADD CONSTRAINT "xp_ledger_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;`,
      `CREATE INDEX "sessions_user_started_at" ON "sessions" USING btree ("user_id","started_at" DESC NULLS FIRST);`,
      `CREATE INDEX "sessions_goal" ON "sessions" USING btree ("goal_id");`,
      `CREATE INDEX "sessions_user_status" ON "sessions" USING btree ("user_id","status");`,
      `CREATE INDEX "sessions_ended_at" ON "sessions" USING btree ("ended_at");`,
      `CREATE INDEX "xp_ledger_user" ON "xp_ledger" USING btree ("user_id");`,
    ],
  },
];
