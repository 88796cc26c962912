import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { z } from "zod";
import "@mantine/core/styles.css";
import "./styles.css";
import { App } from "./app.tsx";

// The content security policy allows no eval, which zod would try.
z.config({ jitless: true });

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");
createRoot(root).render(
	<StrictMode>
		<App />
	</StrictMode>,
);
