import { LinkedAccounts } from "../features/account/linked-accounts.tsx";

export const AccountPage = () => <LinkedAccounts />;
