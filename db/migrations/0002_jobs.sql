CREATE TABLE "job_parts" (
	"job" text COLLATE "C" NOT NULL,
	"part" integer NOT NULL,
	"attempt" integer NOT NULL,
	"output" text NOT NULL,
	CONSTRAINT "job_parts_job_part_pk" PRIMARY KEY("job","part")
);
--> statement-breakpoint
CREATE TABLE "jobs" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"ordinal" bigint NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"payload" text NOT NULL,
	"deadline_at" bigint,
	"state" text COLLATE "C" NOT NULL,
	"wanted" text COLLATE "C" NOT NULL,
	"attempt" integer NOT NULL,
	"tries" integer NOT NULL,
	"beat" bigint NOT NULL,
	"progress_ratio" double precision NOT NULL,
	"parts" integer NOT NULL,
	"checkpoint" text,
	"result" text,
	"reason" text
);
--> statement-breakpoint
CREATE INDEX "jobs_by_state" ON "jobs" USING btree ("state","ordinal");