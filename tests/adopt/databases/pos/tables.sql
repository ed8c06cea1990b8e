CREATE TABLE "building" ("id" uuid PRIMARY KEY DEFAULT gen_random_uuid(), "name" text NOT NULL,
    "authUserId" uuid, "long" double precision);
CREATE TABLE "orders" ("id" uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    "status" text NOT NULL DEFAULT 'progress'::text, "passedById" uuid NOT NULL,
    "createdAt" timestamp without time zone NOT NULL DEFAULT CURRENT_TIMESTAMP);
CREATE TABLE "order_items" ("id" uuid PRIMARY KEY DEFAULT gen_random_uuid(), "article" json NOT NULL,
    "price" double precision NOT NULL DEFAULT 0.0, "_ordersItemsOrdersId" uuid);
ALTER TABLE ONLY "building" ADD CONSTRAINT "building_fk_0" FOREIGN KEY("authUserId")
    REFERENCES "serverpod_auth_core_user"("id") ON DELETE NO ACTION ON UPDATE NO ACTION;
ALTER TABLE ONLY "orders" ADD CONSTRAINT "orders_fk_0" FOREIGN KEY("passedById")
    REFERENCES "serverpod_auth_core_profile"("id") ON DELETE NO ACTION ON UPDATE NO ACTION;
ALTER TABLE ONLY "order_items" ADD CONSTRAINT "order_items_fk_0" FOREIGN KEY("_ordersItemsOrdersId")
    REFERENCES "orders"("id") ON DELETE NO ACTION ON UPDATE NO ACTION;
INSERT INTO "building" ("name", "authUserId") VALUES ('Bar', %(user)s);
INSERT INTO "orders" ("passedById") SELECT "id" FROM "serverpod_auth_core_profile" LIMIT 1;
INSERT INTO "order_items" ("article", "_ordersItemsOrdersId")
    SELECT '{"__className__": "Article", "name": "Tea"}', "id" FROM "orders";
