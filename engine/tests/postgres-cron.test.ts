import { cronConformance } from "./conformance/cron.ts";
import { postgresConformance } from "./postgres-conformance.ts";

cronConformance("Postgres", postgresConformance);
