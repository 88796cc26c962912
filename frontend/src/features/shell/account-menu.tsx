import { Menu, UnstyledButton, useMantineColorScheme } from "@mantine/core";
import { IconCheck, IconDeviceDesktop, IconLogout, IconMoon, IconSelector, IconSun } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { logOut, sessionQuery } from "../../queries/session.ts";

const schemes = [
	{ value: "auto", label: "Like the system", icon: IconDeviceDesktop },
	{ value: "light", label: "Light", icon: IconSun },
	{ value: "dark", label: "Dark", icon: IconMoon },
] as const;

export const AccountMenu = () => {
	const client = useQueryClient();
	const navigate = useNavigate();
	const session = useQuery(sessionQuery());
	const { colorScheme, setColorScheme } = useMantineColorScheme();
	const signOut = useMutation({
		mutationFn: logOut,
		onSuccess: async () => {
			await navigate({ to: "/sign-in" });
			client.clear();
		},
	});
	const user = session.data?.user;

	return (
		<>
			{signOut.error !== null && <p className="sidebar-note">Could not sign out. {signOut.error.message}</p>}
			<Menu position="top-start" width={232}>
				<Menu.Target>
					<UnstyledButton className="account-button">
						<span className="account-mark" aria-hidden>
							{(user?.name ?? "?").slice(0, 1).toUpperCase()}
						</span>
						<span className="account-name">
							<span className="truncate">{user?.name}</span>
							<span className="truncate dim tiny">{user?.email}</span>
						</span>
						<span className="visually-hidden">: theme, sign out</span>
						<IconSelector size={14} aria-hidden className="dim" />
					</UnstyledButton>
				</Menu.Target>
				<Menu.Dropdown>
					<Menu.Label>Theme</Menu.Label>
					{schemes.map(({ value, label, icon: Icon }) => (
						<Menu.Item
							key={value}
							leftSection={<Icon size={14} />}
							rightSection={value === colorScheme ? <IconCheck size={14} aria-label="chosen" /> : null}
							onClick={() => setColorScheme(value)}
						>
							{label}
						</Menu.Item>
					))}
					<Menu.Divider />
					<Menu.Item leftSection={<IconLogout size={14} />} onClick={() => signOut.mutate()}>
						Sign out
					</Menu.Item>
				</Menu.Dropdown>
			</Menu>
		</>
	);
};
