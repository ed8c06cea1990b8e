CREATE TABLE "rag_document" ("id" bigserial PRIMARY KEY, "embedding" vector(3) NOT NULL,
    "sourceUrl" text NOT NULL, "type" text NOT NULL);
CREATE UNIQUE INDEX "rag_document_sourceUrl" ON "rag_document" USING btree ("sourceUrl");
CREATE INDEX "rag_document_vector" ON "rag_document" USING hnsw ("embedding" vector_cosine_ops);
CREATE TABLE "chat_session" ("id" bigserial PRIMARY KEY, "userId" bigint, "goodAnswer" boolean,
    "createdAt" timestamp without time zone NOT NULL DEFAULT CURRENT_TIMESTAMP);
CREATE INDEX "createdAt" ON "chat_session" USING btree ("createdAt");
INSERT INTO "rag_document" ("embedding", "sourceUrl", "type")
    VALUES ('[1,2,3]', 'https://docs.example.com/a', 'documentation');
INSERT INTO "chat_session" ("userId") VALUES (%(ben)s);
