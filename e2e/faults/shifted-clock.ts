// Preloaded into the product's processes: their clocks are off by FAULT_CLOCK_SHIFT_MS, and the database's is not.
const shiftMs = Number(process.env.FAULT_CLOCK_SHIFT_MS);
const { now } = Date;
const shifted = () => now() + shiftMs;

globalThis.Date = new Proxy(Date, {
	construct: (target, args, self) => Reflect.construct(target, args.length === 0 ? [shifted()] : args, self),
	get: (target, name) => (name === "now" ? shifted : Reflect.get(target, name)),
});
