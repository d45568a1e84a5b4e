#!/usr/bin/env bash
# Measures an upload to the lab's Proxmox endpoint against curl -F of the same file in the same run: sha256, sending and waiting for
# the server's task. Writes target/bench-proxmox.json, and fails when the program is slower.
#   RUNS=5 SIZE_MIB=512 scripts/bench-proxmox.sh
set -euo pipefail
cd "$(dirname "$0")/.."
runs=${RUNS:-5}
size=${SIZE_MIB:-512}
forge=$PWD/talos-forge
work=$PWD/build/bench-proxmox
lab=${LAB:-$work/lab}
unit=$work/tree/registry

now() { date +%s.%N; }
minus() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.3f\n", a - b }'; }
# Whatever else the machine does only adds to a time: the shortest one says most.
best() { sort -n | head -n 1; }

rm -rf "$work/tree"
mkdir -p "$unit" target
rm -f "$work"/*.seconds
if [ -z "${LAB:-}" ]; then
    "$forge" lab up --dir "$lab" >&2
    trap '"$forge" lab down --dir "$lab" >/dev/null 2>&1 || true' EXIT
fi
set -a
. "$lab/env"
set +a
head -c "${size}M" /dev/urandom >"$work/tree/bench.iso"

with_curl() { # NAME
    local sum task status
    sum=$(sha256sum "$work/tree/bench.iso" | cut -d ' ' -f 1)
    task=$(curl -sS --fail --cacert "$PROXMOX_VE_CA_FILE" -H "Authorization: PVEAPIToken=$PROXMOX_VE_API_TOKEN" -H 'Expect:' \
        -F content=iso -F checksum-algorithm=sha256 -F "checksum=$sum" -F "filename=@$work/tree/bench.iso;filename=$1" \
        "${PROXMOX_VE_ENDPOINT}api2/json/nodes/localhost/storage/resources/upload" | sed 's/.*"\(UPID:[^"]*\)".*/\1/')
    while true; do
        status=$(curl -sS --fail --cacert "$PROXMOX_VE_CA_FILE" -H "Authorization: PVEAPIToken=$PROXMOX_VE_API_TOKEN" \
            "${PROXMOX_VE_ENDPOINT}api2/json/nodes/$(cut -d : -f 2 <<<"$task")/tasks/$task/status")
        case $status in
            *'"exitstatus":"OK"'*) return ;;
            *'"status":"stopped"'*) echo "$status" >&2; exit 1 ;;
        esac
        sleep 0.1
    done
}

with_forge() { # NAME
    cat >"$unit/terragrunt.hcl" <<HCL
terraform { source = "../modules/talos_proxmox_upload" }
inputs = {
  iso_path             = "../bench.iso"
  iso_name             = "$1"
  proxmox_datastore_id = "resources"
  proxmox_node_names   = ["pve01", "pve02", "pve03"]
}
HCL
    "$forge" -C "$unit" apply >"$work/forge.log" 2>&1 || { cat "$work/forge.log" >&2; exit 1; }
}

"$forge" --version >/dev/null
with_curl "warm-$$.iso"
for run in $(seq "$runs"); do
    from=$(now); with_curl "curl-$run-$$.iso"; minus "$(now)" "$from" >>"$work/curl.seconds"
    from=$(now); with_forge "forge-$run-$$.iso"; minus "$(now)" "$from" >>"$work/forge.seconds"
    from=$(now); "$forge" --version >/dev/null; minus "$(now)" "$from" >>"$work/start.seconds"
done
rm -f "$lab"/proxmox/*/shared/resources/template/iso/*-"$$".iso "$lab"/proxmox/shared/resources/template/iso/*-"$$".iso
curl=$(best <"$work/curl.seconds")
start=$(best <"$work/start.seconds")
ours=$(minus "$(best <"$work/forge.seconds")" "$start")
ratio=$(awk -v a="$curl" -v b="$ours" 'BEGIN { printf "%.3f", a / b }')
printf '%-44s %10.2f s %10.2f s %8s\n' "upload of $size MiB, less JVM start" "$curl" "$ours" "$ratio"
printf '{\n  "upload_mib": %s,\n  "curl_seconds": %s,\n  "upload_seconds": %s,\n  "upload_ratio": %s,\n  "runs": %s\n}\n' \
    "$size" "$curl" "$ours" "$ratio" "$runs" >target/bench-proxmox.json
if ! awk -v ratio="$ratio" 'BEGIN { exit !(ratio >= 0.95) }'; then
    echo "the upload is slower than curl -F: $ours s against $curl s" >&2
    exit 1
fi
