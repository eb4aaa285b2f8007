-- Rows that are rewritten while they live stay on their page.
ALTER TABLE "entity_state" SET (fillfactor = 60);
--> statement-breakpoint
ALTER TABLE "orders" SET (fillfactor = 80);
--> statement-breakpoint
ALTER TABLE "cursors" SET (fillfactor = 50);
--> statement-breakpoint
ALTER TABLE "positions" SET (fillfactor = 60);
