import { createTheme, type MantineColorsTuple } from "@mantine/core";

/** The one accent; everything else on the screen is neutral or a status. */
const accent: MantineColorsTuple = [
	"#eef1fd",
	"#dce1f9",
	"#b8c2f2",
	"#94a2ec",
	"#7788e6",
	"#5b6fdd",
	"#4a5fd3",
	"#3f54c9",
	"#3446ad",
	"#2a398c",
];

/** Mantine's own surfaces, in the same cool grey as ours. */
const dark: MantineColorsTuple = [
	"#e5e7eb",
	"#c9ced6",
	"#a2a9b5",
	"#737b88",
	"#414753",
	"#2c3038",
	"#1e2127",
	"#16181c",
	"#121417",
	"#0d0f12",
];

/** Dark enough for white letters in both schemes. */
const red: MantineColorsTuple = [
	"#fdebec",
	"#fad4d6",
	"#f5abb0",
	"#f58b92",
	"#e8616a",
	"#d63f49",
	"#c62f38",
	"#bb2330",
	"#a31d29",
	"#8a1822",
];

const systemFonts = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif';

export const theme = createTheme({
	colors: { accent, dark, red },
	primaryColor: "accent",
	primaryShade: { light: 7, dark: 6 },
	fontFamily: systemFonts,
	fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "Liberation Mono", monospace',
	fontSizes: { xs: "0.75rem", sm: "0.8125rem", md: "0.875rem", lg: "1rem", xl: "1.25rem" },
	headings: { fontFamily: systemFonts, fontWeight: "600" },
	defaultRadius: "sm",
	radius: { xs: "4px", sm: "6px", md: "8px", lg: "12px", xl: "16px" },
	cursorType: "pointer",
	focusRing: "auto",
	respectReducedMotion: true,
	components: {
		Button: { defaultProps: { size: "xs" } },
		TextInput: { defaultProps: { size: "sm" } },
		Textarea: { defaultProps: { size: "sm" } },
		Select: { defaultProps: { size: "sm" } },
		MultiSelect: { defaultProps: { size: "sm" } },
		Tooltip: { defaultProps: { openDelay: 400, withArrow: true } },
		Modal: { defaultProps: { overlayProps: { backgroundOpacity: 0.45 }, transitionProps: { duration: 120 } } },
		Menu: { defaultProps: { shadow: "md", transitionProps: { duration: 80 } } },
	},
});
