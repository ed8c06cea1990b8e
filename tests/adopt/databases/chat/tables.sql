CREATE TABLE "channel" ("id" bigserial PRIMARY KEY, "name" text NOT NULL, "channel" text NOT NULL,
    "deletedAt" timestamp without time zone, "environmentId" bigint);
CREATE TABLE "user_option" ("id" bigserial PRIMARY KEY, "userId" bigint NOT NULL,
    "byIndexEnv" bigint NOT NULL DEFAULT 0);
INSERT INTO "channel" ("name", "channel") VALUES ('All', 'all');
INSERT INTO "user_option" ("userId", "byIndexEnv") VALUES (%(ben)s, 1);
INSERT INTO "serverpod_chat_message" ("channel", "message", "time", "sender", "removed")
    VALUES ('all', 'hello', now(), %(ben)s, false);
