CREATE TABLE "plan_collaborators" (
	"project_id" uuid NOT NULL,
	"plan_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"role" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "plan_collaborators_plan_id_user_id_pk" PRIMARY KEY("plan_id","user_id"),
	CONSTRAINT "plan_collaborators_role_check" CHECK (role in ('admin', 'editor', 'viewer'))
);
--> statement-breakpoint
ALTER TABLE "invitations" DROP CONSTRAINT "invitations_role_check";--> statement-breakpoint
ALTER TABLE "project_members" DROP CONSTRAINT "project_members_role_check";--> statement-breakpoint
DROP INDEX "invitations_open_key";--> statement-breakpoint
ALTER TABLE "invitations" ADD COLUMN "plan_id" uuid;--> statement-breakpoint
ALTER TABLE "invitations" ADD COLUMN "plan_role" text;--> statement-breakpoint
ALTER TABLE "plans" ADD COLUMN "status" text DEFAULT 'active' NOT NULL;--> statement-breakpoint
ALTER TABLE "plans" ADD COLUMN "visibility" text DEFAULT 'project' NOT NULL;--> statement-breakpoint
ALTER TABLE "plans" ADD COLUMN "owner_user_id" uuid;--> statement-breakpoint
ALTER TABLE "plans" ADD COLUMN "public_link_id" uuid;--> statement-breakpoint
ALTER TABLE "plans" ADD COLUMN "deleted_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "plan_collaborators" ADD CONSTRAINT "plan_collaborators_plan_fk" FOREIGN KEY ("project_id","plan_id") REFERENCES "public"."plans"("project_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "plan_collaborators" ADD CONSTRAINT "plan_collaborators_member_fk" FOREIGN KEY ("project_id","user_id") REFERENCES "public"."project_members"("project_id","user_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "plan_collaborators_member_index" ON "plan_collaborators" USING btree ("project_id","user_id");--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_plan_fk" FOREIGN KEY ("project_id","plan_id") REFERENCES "public"."plans"("project_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "plans" ADD CONSTRAINT "plans_owner_user_id_users_id_fk" FOREIGN KEY ("owner_user_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "invitations_open_plan_key" ON "invitations" USING btree ("plan_id","email") WHERE plan_id is not null and accepted_at is null and revoked_at is null;--> statement-breakpoint
CREATE INDEX "plans_deleted_index" ON "plans" USING btree ("deleted_at") WHERE deleted_at is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "invitations_open_key" ON "invitations" USING btree ("project_id","email") WHERE plan_id is null and accepted_at is null and revoked_at is null;--> statement-breakpoint
ALTER TABLE "plans" ADD CONSTRAINT "plans_public_link_key" UNIQUE("public_link_id");--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_plan_check" CHECK ((plan_id is null) = (plan_role is null));--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_role_check" CHECK (role in ('owner', 'admin', 'editor', 'viewer', 'guest'));--> statement-breakpoint
ALTER TABLE "plans" ADD CONSTRAINT "plans_status_check" CHECK (status in ('draft', 'active', 'completed', 'archived'));--> statement-breakpoint
ALTER TABLE "plans" ADD CONSTRAINT "plans_visibility_check" CHECK (visibility in ('private', 'project', 'public'));--> statement-breakpoint
ALTER TABLE "plans" ADD CONSTRAINT "plans_public_link_check" CHECK ((visibility = 'public') = (public_link_id is not null));--> statement-breakpoint
ALTER TABLE "project_members" ADD CONSTRAINT "project_members_role_check" CHECK (role in ('owner', 'admin', 'editor', 'viewer', 'guest'));--> statement-breakpoint
UPDATE "plans" SET "owner_user_id" = (
	SELECT "user_id" FROM "project_members" WHERE "project_members"."project_id" = "plans"."project_id" AND "role" = 'owner' ORDER BY "created_at", "user_id" LIMIT 1
);
