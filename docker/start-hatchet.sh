#!/bin/sh
# What the hatchet-lite image does at its start, with the secrets from files and a fresh token for the worker.
set -eu

DATABASE_URL=$(cat /secrets/hatchet-database-url)
ADMIN_PASSWORD=$(cat /secrets/hatchet-admin-password)
export DATABASE_URL ADMIN_PASSWORD

./hatchet-migrate
./hatchet-admin quickstart --skip certs --generated-config-dir ./config --overwrite=false

# Made at each start, since it holds the addresses of the SERVER_ settings and ends one day: after five years, not after the usual 90
# days, which a Hatchet that nobody restarts outlives. The tenant is the default one.
./hatchet-admin token create --config ./config --name worker --expiresIn 43800h --tenant-id 707d0855-80ab-4e1f-a156-f1c4546cbf52 | tail -n 1 > /token/new
[ -s /token/new ]
chmod 0400 /token/new
chown 1000 /token/new
mv /token/new /token/hatchet-client-token

exec ./hatchet-lite --config ./config
