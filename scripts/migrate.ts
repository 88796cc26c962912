// Brings the database in DATABASE_URL up to this build's schema: npm run db:migrate
import { migrateDatabase } from "@agentplanner/db";

const url = process.env.DATABASE_URL;
if (!url) {
	console.error("DATABASE_URL is not set. Name the database to migrate, e.g. DATABASE_URL=postgresql://user:password@host/agentplanner");
	process.exitCode = 1;
} else {
	try {
		await migrateDatabase(url, { onBlocked: console.log });
		console.log("The database is up to date.");
	} catch (error) {
		const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
		console.error(`The migration failed: ${cause instanceof Error ? cause.message || cause.name : String(cause)}`);
		process.exitCode = 1;
	}
}
