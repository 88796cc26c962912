#!/bin/sh
# Run by the postgres image once, when its volume is empty: a database and its owner for AgentPlanner, and one for Hatchet.
set -eu

for name in agentplanner hatchet; do
	psql -v ON_ERROR_STOP=1 -v name="$name" -v password="$(cat "/secrets/$name-password")" \
		--username "$POSTGRES_USER" --dbname postgres <<-'SQL'
		create role :"name" login password :'password';
		create database :"name" owner :"name";
		revoke all on database :"name" from public;
	SQL
done
