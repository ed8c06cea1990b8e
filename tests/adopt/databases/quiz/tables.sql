CREATE TABLE "user" ("id" bigserial PRIMARY KEY, "name" text NOT NULL, "userInfoId" bigint NOT NULL);
CREATE TABLE "quiz" ("id" bigserial PRIMARY KEY, "title" text, "time" bigint, "status" text, "tags" json,
    "createdAt" timestamp without time zone);
CREATE INDEX "quiz_status_idx" ON "quiz" USING btree ("status");
CREATE TABLE "quiz_player" ("id" bigserial PRIMARY KEY, "quizId" bigint NOT NULL, "playerId" bigint NOT NULL,
    "identifier" uuid NOT NULL);
CREATE UNIQUE INDEX "quiz_player_idx" ON "quiz_player" USING btree ("quizId", "playerId");
ALTER TABLE ONLY "user" ADD CONSTRAINT "user_fk_0" FOREIGN KEY("userInfoId")
    REFERENCES "serverpod_user_info"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE ONLY "quiz_player" ADD CONSTRAINT "quiz_player_fk_0" FOREIGN KEY("quizId")
    REFERENCES "quiz"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE ONLY "quiz_player" ADD CONSTRAINT "quiz_player_fk_1" FOREIGN KEY("playerId")
    REFERENCES "serverpod_user_info"("id") ON DELETE NO ACTION ON UPDATE NO ACTION;
INSERT INTO "user" ("name", "userInfoId") VALUES ('Ben', %(ben)s);
INSERT INTO "quiz" ("title", "time", "status", "tags") VALUES ('Capitals', 60000, 'published', '["easy"]');
INSERT INTO "quiz_player" ("quizId", "playerId", "identifier") VALUES (1, %(ben)s, gen_random_uuid());
