CREATE TABLE "accounts" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"sequence" bigint NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"venue" text COLLATE "C" NOT NULL,
	"venue_id" text COLLATE "C" NOT NULL,
	"currency" text COLLATE "C" NOT NULL,
	"pack" text COLLATE "C" NOT NULL,
	"deposit" numeric NOT NULL,
	"leverage" double precision,
	"opened_at" bigint NOT NULL
);
