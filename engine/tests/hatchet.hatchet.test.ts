import { conformance, cronConformance } from "./conformance.ts";
import { hatchetConformance } from "./hatchet-conformance.ts";

conformance("Hatchet", hatchetConformance());
cronConformance("Hatchet", hatchetConformance());
