#!/usr/bin/env bash
# Asks the real programs: builds those that are missing, then runs the tests that compare with them.
set -euo pipefail
cd "$(dirname "$0")/.."

start=$SECONDS
TALOS_FORGE_JUDGES=$(scripts/judges.sh)
export TALOS_FORGE_JUDGES
echo "judges: $TALOS_FORGE_JUDGES, ready after $((SECONDS - start)) s" >&2

. scripts/jdk.sh
start=$SECONDS
CI=true mvn -B -ntp -Pconformance test
echo "conformance: $((SECONDS - start)) s" >&2
