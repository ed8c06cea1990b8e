CREATE TABLE "score" ("id" serial, "userInfoId" integer NOT NULL, "points" integer NOT NULL,
    "color" integer NOT NULL, "best" integer, "at" timestamp without time zone NOT NULL);
ALTER TABLE ONLY "score" ADD CONSTRAINT score_pkey PRIMARY KEY (id);
CREATE INDEX score_userInfoId_idx ON "score" USING btree ("userInfoId");
INSERT INTO "score" ("userInfoId", "points", "color", "at")
    VALUES (%(ben)s, 7, 1, '2023-01-02 03:04:05'), (%(ben)s, 9, 0, '2023-01-03 03:04:05');
