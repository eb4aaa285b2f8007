CREATE TABLE "run_heads" (
	"run" bigint PRIMARY KEY NOT NULL,
	"version" bigint NOT NULL,
	"part" integer NOT NULL,
	"events" bigint NOT NULL,
	"trades" bigint NOT NULL,
	"points" bigint NOT NULL,
	"status" text COLLATE "C" NOT NULL,
	"market_at" bigint,
	"progress_ratio" double precision NOT NULL,
	"figures" text,
	"figures_at" bigint
);
--> statement-breakpoint
CREATE TABLE "run_lines" (
	"run" bigint NOT NULL,
	"stream" text COLLATE "C" NOT NULL,
	"sequence" bigint NOT NULL,
	"at" bigint NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"payload" text NOT NULL,
	"created_at" bigint NOT NULL,
	CONSTRAINT "run_lines_run_stream_sequence_pk" PRIMARY KEY("run","stream","sequence")
);
--> statement-breakpoint
CREATE TABLE "runs" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"sequence" bigint NOT NULL,
	"task_id" bigint NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	"execution_number" bigint NOT NULL,
	"surface" text COLLATE "C" NOT NULL,
	"task_type" text COLLATE "C" NOT NULL,
	"strategy_type" text COLLATE "C" NOT NULL,
	"symbol" text COLLATE "C" NOT NULL,
	"account_id" text COLLATE "C",
	"market_from" bigint,
	"status" text COLLATE "C" NOT NULL,
	"open" boolean NOT NULL,
	"created_at" bigint NOT NULL,
	"started_at" bigint,
	"completed_at" bigint,
	"error" text COLLATE "C"
);
--> statement-breakpoint
CREATE TABLE "tasks" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"sequence" bigint NOT NULL,
	"request_id" text COLLATE "C" NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	"surface" text COLLATE "C" NOT NULL,
	"task_type" text COLLATE "C" NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"strategy_type" text COLLATE "C" NOT NULL,
	"symbol" text COLLATE "C" NOT NULL,
	"parameters" text COLLATE "C" NOT NULL,
	"data_source" text COLLATE "C" NOT NULL,
	"granularity" text COLLATE "C" NOT NULL,
	"start_at" bigint,
	"end_at" bigint,
	"account_id" text COLLATE "C",
	"costs" text COLLATE "C",
	"labels" text COLLATE "C" NOT NULL,
	"status" text COLLATE "C" NOT NULL,
	"open" boolean NOT NULL,
	"execution_id" bigint,
	"executions" bigint NOT NULL,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE INDEX "runs_by_task" ON "runs" USING btree ("task_id","sequence");--> statement-breakpoint
CREATE INDEX "tasks_by_user" ON "tasks" USING btree ("user_id","sequence");--> statement-breakpoint
CREATE INDEX "tasks_by_request" ON "tasks" USING btree ("request_id");