import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv2020 from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { environmentSchema as apiEnvironment, secretNames as apiSecrets, loadConfig as loadApiConfig } from "../api/src/config.ts";
import { securityHeaders } from "../api/src/http/security-headers.ts";
import {
	loadConfig as loadWorkerConfig,
	environmentSchema as workerEnvironment,
	secretNames as workerSecrets,
} from "../worker/src/config.ts";
import { root } from "./start/root.ts";

type Service = {
	image: string;
	build?: { dockerfile: string; target: string };
	profiles?: string[];
	environment?: Record<string, string>;
	volumes?: string[];
	ports?: string[];
	networks?: string[];
	command?: string[];
	healthcheck?: { test: string[] };
	depends_on?: Record<string, { condition: string }>;
	user?: string;
	read_only?: boolean;
	restart?: string;
};

const read = (file: string) => readFileSync(join(root, file), "utf8");
const compose = parse(read("docker-compose.yml"), { merge: true }) as {
	services: Record<string, Service>;
	volumes: Record<string, unknown>;
	networks: Record<string, unknown>;
};
const service = (name: string): Service => {
	const found = compose.services[name];
	if (!found) throw new Error(`docker-compose.yml has no service ${name}`);
	return found;
};
/** Without anything set outside: `${NAME:-default}` becomes its default. */
const withDefaults = (text: string) => text.replaceAll(/\$\{\w+:-([^}]*)\}/g, "$1");
const environmentOf = (name: string) =>
	Object.fromEntries(Object.entries(service(name).environment ?? {}).map(([key, value]) => [key, withDefaults(value)]));

describe("docker-compose.yml", () => {
	test("is valid by the Compose specification", () => {
		const ajv = new Ajv2020.default({ strict: false, validateFormats: false, allErrors: true });
		const validate = ajv.compile(JSON.parse(read("docker/compose-spec/compose-spec.json")) as object);
		expect(validate(compose) ? [] : validate.errors).toEqual([]);
		expect(validate({ ...compose, services: { api: { image: "x", port: ["3000"] } } })).toBe(false);
	});

	test("has the product's five services, and the demo only on demand", () => {
		const always = Object.entries(compose.services).filter(([, { profiles }]) => !profiles);
		expect(always.map(([name]) => name)).toEqual(["secrets", "postgres", "hatchet", "api", "worker", "frontend"]);
		const others = Object.values(compose.services).filter(({ profiles }) => profiles);
		expect(others.map(({ profiles }) => profiles)).toEqual([["demo"], ["demo"]]);
	});

	test("publishes pages and dashboard to this machine alone, since whoever comes first makes the first account", () => {
		const published = Object.entries(compose.services).flatMap(([name, { ports = [] }]) => ports.map((port) => [name, withDefaults(port)]));
		expect(published).toEqual([
			["hatchet", "127.0.0.1:8888:8888"],
			["frontend", "127.0.0.1:3000:3000"],
		]);
	});

	test("keeps what the outside can reach apart from database and engine", () => {
		expect(service("frontend").networks).toEqual(["web"]);
		expect(service("postgres").networks).toEqual(["inside"]);
		expect(service("hatchet").networks).toEqual(["inside"]);
	});

	test("keeps the database where PostgreSQL 18 looks for it, with room for both its users", () => {
		expect(service("postgres").image).toBe("postgres:18.1-alpine");
		expect(service("postgres").volumes).toContain("postgres-data:/var/lib/postgresql");
		const connections = service("postgres").command?.find((part) => part.startsWith("max_connections="));
		expect(Number(connections?.split("=")[1])).toBeGreaterThanOrEqual(200);
	});

	test("starts in an order in which everybody finds what they need", () => {
		const conditions = (name: string) =>
			Object.fromEntries(Object.entries(service(name).depends_on ?? {}).map(([other, { condition }]) => [other, condition]));
		expect(conditions("postgres")).toEqual({ secrets: "service_completed_successfully" });
		expect(conditions("hatchet")).toEqual({ postgres: "service_healthy" });
		expect(conditions("api")).toEqual({ postgres: "service_healthy" });
		expect(conditions("worker")).toEqual({ postgres: "service_healthy", api: "service_healthy", hatchet: "service_healthy" });
		expect(conditions("frontend")).toEqual({ api: "service_healthy" });
		for (const name of ["postgres", "hatchet", "api", "worker", "frontend"]) {
			expect(service(name).healthcheck?.test[0]).toBe("CMD");
			expect(service(name).restart).toBe("unless-stopped");
		}
	});

	test("holds no secret; it only hands on those that somebody gave us", () => {
		const secret = /(PASSWORD|SECRET|TOKEN|KEY|DATABASE_URL)$/;
		const named = Object.values(compose.services).flatMap(({ environment = {} }) =>
			Object.entries(environment).filter(([name]) => secret.test(name)),
		);
		expect(named.map(([name, value]) => [name, withDefaults(value)])).toEqual([
			["METRICS_TOKEN", ""],
			["GITHUB_CLIENT_SECRET", ""],
		]);
	});

	test("mounts files and volumes that exist", () => {
		for (const { volumes = [] } of Object.values(compose.services))
			for (const volume of volumes) {
				const [source = ""] = volume.split(":");
				expect([volume, source.startsWith("./") ? existsSync(join(root, source)) : source in compose.volumes]).toEqual([volume, true]);
			}
	});
});

describe("Hatchet", () => {
	test("has every setting that a client in another container depends on", () => {
		expect(environmentOf("hatchet")).toMatchObject({
			SERVER_AUTH_COOKIE_DOMAIN: "localhost",
			SERVER_AUTH_COOKIE_INSECURE: "t",
			SERVER_AUTH_SET_EMAIL_VERIFIED: "t",
			SERVER_GRPC_BIND_ADDRESS: "0.0.0.0",
			SERVER_GRPC_INSECURE: "t",
			SERVER_GRPC_PORT: "7077",
			SERVER_GRPC_BROADCAST_ADDRESS: "hatchet:7077",
			SERVER_INTERNAL_CLIENT_INTERNAL_GRPC_BROADCAST_ADDRESS: "localhost:7077",
			SERVER_URL: "http://localhost:8888",
		});
		expect(environmentOf("worker")).toMatchObject({ ENGINE: "hatchet", HATCHET_CLIENT_TLS_STRATEGY: "none" });
	});

	test("is not open to those who know its stock account", () => {
		const { ADMIN_EMAIL, SERVER_ALLOW_SIGNUP } = environmentOf("hatchet");
		expect(SERVER_ALLOW_SIGNUP).toBe("false");
		expect(ADMIN_EMAIL).not.toBe("admin@example.com");
		expect(read("docker/start-hatchet.sh")).toMatch(/^ADMIN_PASSWORD=\$\(cat \/secrets\/hatchet-admin-password\)$/m);
	});

	test("is pinned, and the same everywhere", () => {
		const { image } = service("hatchet");
		expect(image).toMatch(/^ghcr\.io\/hatchet-dev\/hatchet\/hatchet-lite:v\d+\.\d+\.\d+$/);
		expect(read(".github/workflows/ci.yml")).toContain(`image: ${image}\n`);
	});

	test("keeps its keys, and mints a token at every start, where the worker looks for it", () => {
		expect(service("hatchet").volumes).toContain("hatchet-config:/config");
		const script = read("docker/start-hatchet.sh");
		expect(script).toMatch(/hatchet-admin token create/);
		expect(script).toContain(`mv /token/new ${environmentOf("worker").HATCHET_CLIENT_TOKEN_FILE}\n`);
		expect(script).toMatch(/--overwrite=false/);
	});
});

const processes = [
	{ name: "api", schema: apiEnvironment, secretNames: apiSecrets as readonly string[], load: loadApiConfig },
	{ name: "worker", schema: workerEnvironment, secretNames: workerSecrets as readonly string[], load: loadWorkerConfig },
];

describe.each(processes)("the $name's settings", ({ name, schema, secretNames, load }) => {
	const given = environmentOf(name);
	const known = [...Object.keys(schema.shape), ...secretNames.map((secret) => `${secret}_FILE`)];

	test("are known to it", () => {
		expect(Object.keys(given).filter((variable) => !known.includes(variable))).toEqual([]);
	});

	test("are all there, and accepted", () => {
		const values = { DATABASE_URL: "postgres://user@postgres/agentplanner", ENCRYPTION_KEY: Buffer.alloc(32).toString("base64") };
		const secrets = Object.fromEntries(secretNames.map((secret) => [secret, { HATCHET_CLIENT_TOKEN: "token", ...values }[secret]]));
		for (const secret of secretNames) expect(given[secret] ?? given[`${secret}_FILE`], secret).toBeDefined();
		const plain = Object.fromEntries(Object.entries(given).filter(([variable]) => !variable.endsWith("_FILE")));
		expect(() => load({ ...plain, ...secrets })).not.toThrow();
	});

	test("have the defaults of the code", () => {
		const shape = schema.shape as Record<string, { safeParse(value: unknown): { data?: unknown } }>;
		const adjustable = Object.entries(service(name).environment ?? {}).filter(([, value]) => value.startsWith("${"));
		for (const [variable, value] of adjustable) {
			expect(value).toMatch(new RegExp(`^\\$\\{${variable}:-`));
			const usual = shape[variable]?.safeParse(undefined).data;
			if (usual !== undefined) expect([variable, withDefaults(value)]).toEqual([variable, String(usual)]);
		}
	});

	test("point at secrets that are made for it", () => {
		const made = [...read("docker/make-secrets.sh").matchAll(/^keep ([\w-]+) "\$app"/gm)].map((match) => `/secrets/${match[1]}`);
		const files = Object.entries(given).filter(([variable, file]) => variable.endsWith("_FILE") && file.startsWith("/secrets/"));
		expect(files.length).toBe(2);
		for (const [, file] of files) expect(made).toContain(file);
	});
});

describe("the images", () => {
	const dockerfile = read("docker/Dockerfile");
	const targets = new Map(
		dockerfile
			.split(/^FROM /m)
			.slice(1)
			.map((stage) => [/ AS (\w+)/.exec(stage)?.[1] ?? "", stage]),
	);

	test.each(Object.entries(compose.services).filter(([, { build }]) => build))("%s is a target of the Dockerfile", (_name, { build }) => {
		expect(build?.dockerfile).toBe("docker/Dockerfile");
		expect([...targets.keys()]).toContain(build?.target);
	});

	test("start files that exist and were copied, as somebody who isn't root, with node as the first process", () => {
		for (const name of ["api", "worker", "demo"]) {
			const stage = targets.get(name) ?? "";
			const command = JSON.parse(/^CMD (\[.*\])$/m.exec(stage)?.[1] ?? "[]") as string[];
			expect(command[0]).toBe("node");
			const file = command.at(-1) ?? "";
			expect([file, existsSync(join(root, file))]).toEqual([file, true]);
			expect(stage).toMatch(new RegExp(`^COPY .*${file.split("/")[0]}`, "m"));
			expect([...stage.matchAll(/^USER (\w+)$/gm)].at(-1)?.[1] ?? "node").toBe("node");
		}
		expect(targets.get("runtime")).toMatch(/^USER node$/m);
		expect(targets.get("frontend")).toMatch(/^nginxinc\/nginx-unprivileged:/);
		expect(service("prepare-demo").command?.at(-1)).toBe("docker/prepare-demo.ts");
	});

	test("know every workspace, for npm to make sense of the lock file", () => {
		const { workspaces } = JSON.parse(read("package.json")) as { workspaces: string[] };
		const copied = [...(targets.get("manifests") ?? "").matchAll(/^COPY (\w+)\/package\.json/gm)].map((match) => match[1]);
		expect(copied.sort()).toEqual([...workspaces].sort());
	});

	test.each(["api", "worker"])("hold every workspace that the %s imports", (name) => {
		const needed = new Set<string>();
		const visit = (folder: string) => {
			if (needed.has(folder)) return;
			needed.add(folder);
			const { dependencies = {} } = JSON.parse(read(`${folder}/package.json`)) as { dependencies?: Record<string, string> };
			for (const dependency of Object.keys(dependencies))
				if (dependency.startsWith("@agentplanner/")) visit(dependency.split("/")[1] ?? "");
		};
		visit(name);
		const copied = [...`${targets.get("runtime")}${targets.get(name)}`.matchAll(/^COPY (\w+) \w+$/gm)].map((match) => match[1]);
		expect([...needed].filter((folder) => !copied.includes(folder))).toEqual([]);
	});

	test("are built from a context that has what they copy", () => {
		const allowed = [...read(".dockerignore").matchAll(/^!(.+)$/gm)].flatMap((match) => globSync(match[1] ?? "", { cwd: root }));
		const sources = [...dockerfile.matchAll(/^COPY (?!--from)(.+)$/gm)].flatMap((match) => (match[1] ?? "").split(" ").slice(0, -1));
		expect(sources.length).toBeGreaterThan(10);
		for (const source of sources)
			expect([source, allowed.some((path) => source === path || source.startsWith(`${path}/`))]).toEqual([source, true]);
	});
});

describe("nginx", () => {
	const conf = read("docker/nginx.conf");
	const locations = [...conf.matchAll(/^\tlocation (?:(\S+) )?(\S+) \{([\s\S]*?)\}$/gm)].map(([, how = "", path = "", body = ""]) => ({
		how,
		path,
		body,
	}));
	/** For probes and scrapers inside, not for the world. */
	const keptInside = ["/metrics"];

	test("hands on exactly what the api serves, and the socket as a socket", () => {
		const app = read("api/src/app.ts");
		const paths = [...app.matchAll(/app\.(?:get|all|post|use)\(\[?"(\/[a-z]+)/g), ...app.matchAll(/const prefix = "(\/[a-z]+)/g)].map(
			(match) => match[1] ?? "",
		);
		const handedOn = locations.filter(({ body }) => body.includes("proxy_pass")).map(({ path }) => `/${path.split("/")[1]}`);
		expect([...new Set(handedOn)].sort()).toEqual([...new Set(paths)].filter((path) => !keptInside.includes(path)).sort());

		const socket = /const path = "([^"]+)"/.exec(read("api/src/socket/attach-socket.ts"))?.[1];
		const body = locations.find(({ how, path }) => how === "=" && path === socket)?.body;
		expect(body).toMatch(/proxy_set_header Upgrade \$http_upgrade;/);
	});

	test("lets nobody say where they come from", () => {
		expect(conf).toMatch(/proxy_set_header X-Forwarded-For \$remote_addr;/);
		expect(conf).not.toMatch(/\$proxy_add_x_forwarded_for|\$http_x_forwarded/);
		expect(conf).toMatch(/proxy_set_header Forwarded "";/);
		expect(conf.match(/set_real_ip_from .*/g)).toEqual([`set_real_ip_from $${"{FRONTEND_PROXY}"};`]);
		expect(environmentOf("frontend")).toEqual({ FRONTEND_PROXY: "127.0.0.1" });
		expect(environmentOf("api").TRUSTED_PROXIES).toBe("uniquelocal");
		// A location that sets a header of its own inherits none; the socket must not do without these two.
		const socket = locations.find(({ path }) => path === "/api/v1/socket")?.body ?? "";
		expect(socket).toMatch(/proxy_set_header Host \$http_host;/);
		expect(socket).toMatch(/proxy_set_header X-Forwarded-For \$remote_addr;/);
	});

	test("sends the page with the headers that the api gives it", async () => {
		const sent = new Map<string, string>();
		const response = { setHeader: (name: string, value: string) => sent.set(name, value), removeHeader: () => {} };
		const request = { headers: { host: "planner.example.org" } };
		await securityHeaders("http://planner.example.org")(request as never, response as never, (error) => {
			if (error) throw error;
		});
		const page = locations.find(({ how, path }) => how === "=" && path === "/index.html")?.body ?? "";
		const headers = new Map(
			[...page.matchAll(/add_header (\S+) (?:"([^"]+)"|(\S+?))(?: always)?;/g)].map((match) => [
				match[1] ?? "",
				(match[2] ?? match[3] ?? "").replaceAll("$plain_host", "planner.example.org"),
			]),
		);
		headers.delete("Cache-Control");
		expect(Object.fromEntries(headers)).toEqual(Object.fromEntries(sent));
	});

	test("says in the api's words that the api is away", () => {
		const problem = JSON.parse(/return 503 '(.+)';/.exec(conf)?.[1] ?? "{}") as Record<string, unknown>;
		expect(problem).toMatchObject({ status: 503, code: "unavailable", type: "urn:agentplanner:problem:unavailable" });
	});
});
