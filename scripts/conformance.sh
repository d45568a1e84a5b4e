#!/usr/bin/env bash
# Asks the real programs: builds those that are missing, then runs the tests that compare with them.
set -euo pipefail
cd "$(dirname "$0")/.."

start=$SECONDS
TALOS_FORGE_JUDGES=$(scripts/judges.sh)
export TALOS_FORGE_JUDGES
judged=$SECONDS

. scripts/jdk.sh
export CI=true
mvn -B -ntp -Pconformance,together test
compared=$SECONDS
mvn -B -ntp -Pmachines,together test
echo "judges ready after $((judged - start)) s, their tests took $((compared - judged)) s, those with Talos' own machines $((SECONDS - compared)) s" >&2
