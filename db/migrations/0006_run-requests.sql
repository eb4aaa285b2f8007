ALTER TABLE "runs" ADD COLUMN "request_id" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "stopped_by" text COLLATE "C";--> statement-breakpoint
CREATE INDEX "runs_by_request" ON "runs" USING btree ("request_id");--> statement-breakpoint
ALTER TABLE "jobs" DROP COLUMN "deadline_at";