import { cronConformance } from "./conformance.ts";
import { postgresConformance } from "./postgres-conformance.ts";

cronConformance("Postgres", postgresConformance);
