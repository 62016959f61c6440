#!/bin/sh
# Writes docker/.env with random passwords, once.
set -eu
path=$(dirname "$0")/.env
[ -e "$path" ] && { echo "$path is there already" >&2; exit 0; }
random() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }
umask 077
printf 'NATS_PASSWORD=%s\nCLICKHOUSE_PASSWORD=%s\n' "$(random)" "$(random)" >"$path"
echo "$path written"
