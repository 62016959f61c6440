#!/bin/sh
# Writes docker/.env with random passwords; what stands there already stays.
set -eu
path=$(dirname "$0")/.env
random() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }
umask 077
touch "$path"
for name in NATS_PASSWORD CLICKHOUSE_PASSWORD ANALYST_PASSWORD GRAFANA_PASSWORD; do
  grep -q "^$name=" "$path" || printf '%s=%s\n' "$name" "$(random)" >>"$path"
done
echo "$path holds a password for each"
