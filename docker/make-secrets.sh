#!/bin/sh
# Makes every secret that isn't there yet, each readable by the one user who needs it. Runs before everything else, at every start.
set -eu
umask 077
cd /secrets

postgres=70 # user ids in the images
app=1000
root=0

hex() { od -An -v -tx1 -N"$1" /dev/urandom | tr -d ' \n'; }

# keep NAME USER VALUE: writes the file once, whole or not at all
keep() {
	if [ ! -s "$1" ]; then
		printf '%s' "$3" > "$1.new"
		mv "$1.new" "$1"
		echo "made $1"
	fi
	chmod 0400 "$1"
	chown "$2" "$1"
}

keep encryption-key "$app" "$(head -c 32 /dev/urandom | base64 | tr -d '\n')"

keep postgres-password "$postgres" "$(hex 24)"
keep agentplanner-password "$postgres" "$(hex 24)"
keep hatchet-password "$postgres" "$(hex 24)"
keep database-url "$app" "postgres://agentplanner:$(cat agentplanner-password)@postgres:5432/agentplanner"
keep hatchet-database-url "$root" "postgresql://hatchet:$(cat hatchet-password)@postgres:5432/hatchet?sslmode=disable"

# Hatchet wants a capital letter, a small one and a digit.
keep hatchet-admin-password "$root" "Aa1$(hex 16)"

# Others may look into the folder, not into the files.
chmod 0755 /secrets
