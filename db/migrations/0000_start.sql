CREATE TABLE "approvals" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"sequence" bigint NOT NULL,
	"order_id" text COLLATE "C" NOT NULL,
	"trader_id" text COLLATE "C" NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	"symbol" text COLLATE "C" NOT NULL,
	"side" text COLLATE "C" NOT NULL,
	"quantity" numeric NOT NULL,
	"price" numeric NOT NULL,
	"amount" numeric NOT NULL,
	"reason" text COLLATE "C" NOT NULL,
	"priority" text COLLATE "C" NOT NULL,
	"status" text COLLATE "C" NOT NULL,
	"content_hash" text COLLATE "C" NOT NULL,
	"band_low" numeric NOT NULL,
	"band_high" numeric NOT NULL,
	"created_at" bigint NOT NULL,
	"expires_at" bigint NOT NULL,
	"decided_by" text COLLATE "C",
	"decided_at" bigint,
	"comment" text COLLATE "C"
);
--> statement-breakpoint
CREATE TABLE "fills" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"sequence" bigint NOT NULL,
	"order_id" text COLLATE "C" NOT NULL,
	"trader_id" text COLLATE "C" NOT NULL,
	"account_id" text COLLATE "C" NOT NULL,
	"symbol" text COLLATE "C" NOT NULL,
	"side" text COLLATE "C" NOT NULL,
	"quantity" numeric NOT NULL,
	"price" numeric NOT NULL,
	"commission" numeric NOT NULL,
	"realized_pnl" numeric NOT NULL,
	"at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "positions" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"account_id" text COLLATE "C" NOT NULL,
	"symbol" text COLLATE "C" NOT NULL,
	"quantity" numeric NOT NULL,
	"cost" numeric NOT NULL,
	"open" boolean NOT NULL,
	"updated_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "halts" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"sequence" bigint NOT NULL,
	"scope" text COLLATE "C" NOT NULL,
	"target_id" text COLLATE "C",
	"reason" text COLLATE "C" NOT NULL,
	"triggered_by" text COLLATE "C" NOT NULL,
	"created_at" bigint NOT NULL,
	"status" text COLLATE "C" NOT NULL,
	"resolved_by" text COLLATE "C",
	"resolved_at" bigint,
	"resolution" text COLLATE "C"
);
--> statement-breakpoint
CREATE TABLE "cursors" (
	"agent" text COLLATE "C" PRIMARY KEY NOT NULL,
	"sequence" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "effect_open" (
	"sequence" bigint NOT NULL,
	"agent" text COLLATE "C" NOT NULL,
	CONSTRAINT "effect_open_agent_sequence_pk" PRIMARY KEY("agent","sequence")
);
--> statement-breakpoint
CREATE TABLE "entity_state" (
	"agent" text COLLATE "C" NOT NULL,
	"entity" text COLLATE "C" NOT NULL,
	"version" integer NOT NULL,
	"state" text NOT NULL,
	CONSTRAINT "entity_state_agent_entity_pk" PRIMARY KEY("agent","entity")
);
--> statement-breakpoint
CREATE TABLE "journal_head" (
	"id" integer PRIMARY KEY NOT NULL,
	"sequence" bigint NOT NULL,
	"hash" text NOT NULL,
	"epoch" bigint NOT NULL,
	"world" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "projection_version" (
	"name" text COLLATE "C" PRIMARY KEY NOT NULL,
	"version" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "records" (
	"sequence" bigint PRIMARY KEY NOT NULL,
	"epoch" bigint NOT NULL,
	"recorded_at" bigint NOT NULL,
	"type" text COLLATE "C" NOT NULL,
	"payload" text NOT NULL,
	"source" text COLLATE "C" NOT NULL,
	"causation_id" bigint NOT NULL,
	"correlation_id" text COLLATE "C" NOT NULL,
	"principal" text COLLATE "C" NOT NULL,
	"version" integer NOT NULL,
	"hash" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "ledger" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"sequence" bigint NOT NULL,
	"account_id" text COLLATE "C" NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"entries" text NOT NULL,
	"currency" text COLLATE "C" NOT NULL,
	"at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "orders" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"sequence" bigint NOT NULL,
	"trader_id" text COLLATE "C" NOT NULL,
	"account_id" text COLLATE "C" NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	"surface" text COLLATE "C" NOT NULL,
	"symbol" text COLLATE "C" NOT NULL,
	"side" text COLLATE "C" NOT NULL,
	"quantity" numeric NOT NULL,
	"price" numeric NOT NULL,
	"order_type" text COLLATE "C" NOT NULL,
	"time_in_force" text COLLATE "C" NOT NULL,
	"status" text COLLATE "C" NOT NULL,
	"listed" boolean NOT NULL,
	"amount" numeric NOT NULL,
	"filled_quantity" numeric NOT NULL,
	"average_price" numeric NOT NULL,
	"commission" numeric NOT NULL,
	"submitted_at" bigint NOT NULL,
	"executed_at" bigint,
	"ended_at" bigint,
	"end" text COLLATE "C",
	"denial_code" text COLLATE "C",
	"denial_class" text COLLATE "C",
	"reason" text COLLATE "C",
	"request_id" text COLLATE "C"
);
--> statement-breakpoint
CREATE TABLE "traders" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	"account_id" text COLLATE "C" NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"status" text COLLATE "C" NOT NULL,
	"budget" double precision NOT NULL,
	"strategy" text COLLATE "C" NOT NULL,
	"risk_tolerance" text COLLATE "C" NOT NULL,
	"max_position_size" double precision,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "usage" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"trader_id" text COLLATE "C" NOT NULL,
	"hour" bigint NOT NULL,
	"api_calls" bigint NOT NULL,
	"compute_ms" double precision NOT NULL,
	"updated_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE INDEX "approvals_by_status" ON "approvals" USING btree ("status","sequence");--> statement-breakpoint
CREATE INDEX "fills_by_account" ON "fills" USING btree ("account_id","sequence");--> statement-breakpoint
CREATE INDEX "halts_by_status" ON "halts" USING btree ("status","sequence");--> statement-breakpoint
CREATE INDEX "orders_by_trader" ON "orders" USING btree ("trader_id","sequence");--> statement-breakpoint
CREATE INDEX "orders_open" ON "orders" USING btree ("sequence") WHERE "orders"."end" is null;--> statement-breakpoint
CREATE INDEX "usage_by_hour" ON "usage" USING btree ("hour");