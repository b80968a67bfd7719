#!/bin/sh
# Runs once, when the database is first made: the role that owns the tables and migrates, and the role that the service
# runs as, which owns nothing (row-level security holds for it).
set -eu
psql -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d postgres \
    -v owner_password="$(cat /run/secrets/owner_password)" -v service_password="$(cat /run/secrets/service_password)" <<'SQL'
CREATE ROLE attest_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE attest_service LOGIN PASSWORD :'service_password';
CREATE DATABASE attest OWNER attest_owner;
SQL
