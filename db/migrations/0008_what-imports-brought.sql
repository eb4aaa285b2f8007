ALTER TABLE "imports" ADD COLUMN "duplicate_first_ms" bigint;--> statement-breakpoint
ALTER TABLE "imports" ADD COLUMN "duplicate_last_ms" bigint;--> statement-breakpoint
ALTER TABLE "imports" ADD COLUMN "file_name" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "imports" ADD COLUMN "bytes" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
-- What earlier imports have stored is counted once; which of their rows were duplicates nobody knows any more.
UPDATE "imports" SET "bytes" = (SELECT coalesce(sum(octet_length("series_chunks"."bytes")), 0) FROM "series_chunks" WHERE "series_chunks"."import_id" = "imports"."id");
