import { cronConformance } from "./conformance/cron.ts";
import { conformance } from "./conformance.ts";
import { hatchetConformance } from "./hatchet-conformance.ts";

conformance("Hatchet", hatchetConformance());
cronConformance("Hatchet", hatchetConformance());
