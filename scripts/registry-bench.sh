#!/usr/bin/env bash
# Pulls and pushes one image by the program's client and by skopeo, in turn, from and to the same docker-registry on
# loopback, and writes target/registry-bench.json. Times are wall-clock of whole processes, ours with the start of the
# JVM in a heap of 64 MiB; medians of several runs.
# The processor's seconds tell what another load on the machine hides.
#   RUNS=5 LAYERS=6 MIB=64 scripts/registry-bench.sh
set -euo pipefail
cd "$(dirname "$0")/.."
runs=${RUNS:-5}
layers=${LAYERS:-6}
mib=${MIB:-64}
port=${PORT:-5961}
heap=64
work=$PWD/build/registry-bench

. scripts/jdk.sh
./talos-forge --version >/dev/null
rm -rf "$work"
mkdir -p "$work/classes" target
"$JAVA_HOME/bin/javac" -cp target/talos-forge.jar -d "$work/classes" scripts/Throughput.java
"$JAVA_HOME/bin/jar" cf "$work/throughput.jar" -C "$work/classes" .

# With the launcher's own cache of classes, which its warm-up made.
java() { "$JAVA_HOME/bin/java" -XX:+UseSerialGC -Xmx${heap}m -cp "$PWD/target/talos-forge.jar:$work/throughput.jar" "$@"; }
ours() {
    java -XX:AOTCache="$PWD/target/talos-forge.aot" -Xlog:aot=off -Xlog:cds=off -Xlog:gc:file="$work/gc-$1.log" Throughput "$@"
}
theirs() { skopeo --insecure-policy copy -q --src-tls-verify=false --dest-tls-verify=false "$@"; }
median() { sort -n "$work/$1" | awk '{ v[NR] = $1 } END { print (NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2) }'; }
timed() { # NAME COMMAND…: appends the seconds to the file NAME, those of the processor to NAME-cpu
    local name=$1 TIMEFORMAT='%R %U %S'
    shift
    sync # what the one before wrote is not this one's to wait for
    { time "$@" 2>"$work/$name.log" || { cat "$work/$name.log" >&2; exit 1; }; } 2>"$work/time"
    awk '{ print $1 }' "$work/time" >>"$work/$name"
    awk '{ print $2 + $3 }' "$work/time" >>"$work/$name-cpu"
}

echo "an image of $layers layers of $mib MiB …" >&2
heap=512 java Throughput make "$work/image" "$layers" "$mib"
cat >"$work/registry.yml" <<YAML
version: 0.1
log: {level: error, accesslog: {disabled: true}}
storage: {filesystem: {rootdirectory: $work/storage}}
http: {addr: "127.0.0.1:$port", secret: bench}
YAML
docker-registry serve "$work/registry.yml" >"$work/registry.log" 2>&1 &
registry=$!
trap 'kill $registry 2>/dev/null || true; rm -rf "$work/storage" "$work/pulled" "$work/image"' EXIT
for _ in $(seq 50); do
    curl -fs "http://127.0.0.1:$port/v2/" >/dev/null && break
    sleep 0.1
done
at=127.0.0.1:$port/bench/image:v1

# Each starts from an empty registry or an empty folder; who begins changes from run to run.
pushes() {
    rm -rf "$work/storage"
    case $1 in
        ours) timed push-ours ours push "$work/image" "$at" ;;
        theirs) timed push-theirs theirs "oci:$work/image:v1" "docker://$at" ;;
    esac
}
pulls() {
    rm -rf "$work/pulled"
    case $1 in
        ours) timed pull-ours ours pull "$at" "$work/pulled" ;;
        theirs) timed pull-theirs theirs "docker://$at" "oci:$work/pulled:v1" ;;
    esac
}
for run in $(seq "$runs"); do
    echo "run $run of $runs …" >&2
    order=(ours theirs)
    if ((run % 2)); then
        order=(theirs ours)
    fi
    for who in "${order[@]}"; do pushes "$who"; done
    for who in "${order[@]}"; do pulls "$who"; done
done

used() { sed -n 's/.* \([0-9]*\)M->[0-9]*M(.*/\1/p' "$work/gc-$1.log" | sort -n | tail -n 1; }
row() {
    awk -v n="$1" -v s="$((layers * mib))" -v a="$(median "$1-theirs")" -v b="$(median "$1-ours")" \
        -v c="$(median "$1-theirs-cpu")" -v d="$(median "$1-ours-cpu")" \
        'BEGIN { printf "%s of %d MiB: skopeo %.2f s (processor %.2f s), talos-forge %.2f s (%.2f s), %.0f MiB/s, ratio %.2f\n", n, s, a, c, b, d, s / b, a / b }'
}
row push
row pull
echo "most heap in use: push $(used push) MiB, pull $(used pull) MiB, of $heap MiB"
cat >target/registry-bench.json <<JSON
{
  "mib": $((layers * mib)),
  "push_seconds": $(median push-ours),
  "push_skopeo_seconds": $(median push-theirs),
  "pull_seconds": $(median pull-ours),
  "pull_skopeo_seconds": $(median pull-theirs),
  "heap_mib": $heap,
  "runs": $runs
}
JSON
echo "written: target/registry-bench.json" >&2
