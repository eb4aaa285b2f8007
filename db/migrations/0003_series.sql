CREATE TABLE "imports" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"symbol" text COLLATE "C" NOT NULL,
	"published_at" bigint,
	"started_at" bigint NOT NULL,
	"layout" text COLLATE "C" NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"ticks" bigint NOT NULL,
	"duplicates" bigint NOT NULL,
	"bad_lines" bigint NOT NULL,
	"first_ms" bigint,
	"last_ms" bigint
);
--> statement-breakpoint
CREATE TABLE "series_chunks" (
	"import_id" text COLLATE "C" NOT NULL,
	"series" text COLLATE "C" NOT NULL,
	"part" integer NOT NULL,
	"symbol" text COLLATE "C" NOT NULL,
	"first_ms" bigint NOT NULL,
	"last_ms" bigint NOT NULL,
	"count" integer NOT NULL,
	"bytes" "bytea" NOT NULL,
	CONSTRAINT "series_chunks_import_id_series_part_pk" PRIMARY KEY("import_id","series","part")
);
--> statement-breakpoint
CREATE UNIQUE INDEX "imports_under_way" ON "imports" USING btree ("symbol") WHERE "imports"."published_at" is null;--> statement-breakpoint
CREATE INDEX "series_chunks_by_time" ON "series_chunks" USING btree ("symbol","series","first_ms");