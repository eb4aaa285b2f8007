CREATE TABLE "sleepers" (
	"agent" text COLLATE "C" NOT NULL,
	"entity" text COLLATE "C" NOT NULL,
	"version" integer NOT NULL,
	"wakes_at" bigint NOT NULL,
	"state" text NOT NULL,
	CONSTRAINT "sleepers_agent_entity_pk" PRIMARY KEY("agent","entity")
);
--> statement-breakpoint
CREATE INDEX "sleepers_due" ON "sleepers" USING btree ("agent","version","wakes_at");
--> statement-breakpoint
ALTER TABLE "sleepers" SET (fillfactor = 60);
--> statement-breakpoint
-- Only idempotency keys have slept until now, and their rows said in front when they have to wake.
INSERT INTO "sleepers" SELECT "agent", "entity", "version", coalesce(substring("state" from '^\{"wakesAt":(\d+)')::bigint, 0), "state" FROM "entity_state" WHERE "agent" = 'keys';
--> statement-breakpoint
DELETE FROM "entity_state" WHERE "agent" = 'keys';
