CREATE TABLE "user_profile" ("id" bigserial PRIMARY KEY, "userId" text NOT NULL, "name" text NOT NULL,
    "bio" text, "dateOfBirth" timestamp without time zone);
CREATE TABLE "google_calendar_connection" ("id" bigserial PRIMARY KEY, "userId" text NOT NULL,
    "isActive" boolean NOT NULL, "connectedAt" timestamp without time zone NOT NULL DEFAULT CURRENT_TIMESTAMP);
CREATE UNIQUE INDEX "user_idx" ON "google_calendar_connection" USING btree ("userId");
INSERT INTO "user_profile" ("userId", "name") VALUES (%(user)s::text, 'Ben');
INSERT INTO "google_calendar_connection" ("userId", "isActive") VALUES (%(user)s::text, true);
