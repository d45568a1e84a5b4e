#!/usr/bin/env bash
# Asks the real programs: builds those that are missing, then runs the tests that compare with them.
set -euo pipefail
cd "$(dirname "$0")/.."

start=$SECONDS
TALOS_FORGE_JUDGES=$(scripts/judges.sh)
export TALOS_FORGE_JUDGES
judged=$SECONDS

. scripts/jdk.sh
CI=true mvn -B -ntp -Pconformance,together test
echo "judges ready after $((judged - start)) s, their tests took $((SECONDS - judged)) s" >&2
