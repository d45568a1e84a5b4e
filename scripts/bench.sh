#!/usr/bin/env bash
# Measures the program against Talos' own imager, on the same inputs in the same run, and writes target/bench.json. Times are
# wall-clock of whole processes; medians of several runs. Where `make conformance` has not built imager, the tools that it
# drives stand for it (scripts/chain.sh), and the table says so.
#   RUNS=3 scripts/bench.sh
set -euo pipefail
cd "$(dirname "$0")/.."
runs=${RUNS:-3}
forge=$PWD/talos-forge
work=$PWD/build/bench
lab=$work/lab
tree=$work/tree
images=$tree/artifacts/images
imager=${TALOS_FORGE_JUDGES:-${XDG_CACHE_HOME:-$HOME/.cache}/talos-forge/judges}/talos-1.11.5/imager
if [ -x "$imager" ]; then
    peer=imager
else
    peer="tool chain"
    echo "there is no $imager: measured is the chain of tools that imager drives; make conformance builds imager" >&2
fi

now() { date +%s.%N; }
minus() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.3f\n", a - b }'; }
median() { sort -n | awk '{ v[NR] = $1 } END { print (NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2) }'; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.3f", a / b }'; }
timed() { # NAME COMMAND…: appends the seconds to the file NAME
    local name=$1 from
    shift
    from=$(now)
    "$@" >"$work/$name.log" 2>&1 || { tail -n 20 "$work/$name.log" >&2; exit 1; }
    minus "$(now)" "$from" >>"$work/$name.seconds"
}

mkdir -p "$work"
rm -f "$work"/*.seconds
"$forge" --version >/dev/null

echo "lab and inputs …" >&2
# Talos' own initramfs is about 80 MB and does not compress: the stand-in is filled up to that.
"$forge" lab up --dir "$lab" --base-size 76 >&2
trap '"$forge" lab down --dir "$lab" >/dev/null 2>&1 || true' EXIT
set -a
. "$lab/env"
set +a
rm -rf "$tree"
mkdir -p "$work"
cp -r examples/live "$tree"
find "$tree" -name '*tfstate*' -delete
git -C "$tree" init -q
"$forge" -C "$tree/artifacts/extension" apply >&2

registry=$(sed 's,.*"url":"http://\([^"]*\)".*,\1,' <<<"$TALOS_FORGE_REGISTRIES")
unpack() { # IMAGE DIR: with the field's own tools
    local layers=$work/layers
    rm -rf "$2" "$layers"
    skopeo copy -q --src-tls-verify=false "docker://$registry/$1" "dir:$layers"
    mkdir -p "$2"
    for digest in $(sed -n '/"layers"/,$s/.*"digest":"sha256:\([0-9a-f]*\)".*/\1/p; ' <(tr ',{' '\n\n' <"$layers/manifest.json")); do
        tar -C "$2" -xf "$layers/$digest"
    done
}
in=$work/in
rm -rf "$in"
mkdir -p "$in/extensions"
unpack siderolabs/imager:v1.11.5 "$work/imager"
cp "$work/imager/usr/install/amd64/vmlinuz" "$work/imager/usr/install/amd64/initramfs.xz" "$in/"
cp "$work/imager/usr/install/amd64/systemd-stub.efi" "$in/stub.efi"
cp "$work/imager/usr/install/amd64/systemd-boot.efi" "$in/boot.efi"
unpack sulibot/frr-talos-extension:v1.0.18 "$in/extensions/0"
# One extension, as in the chain's published figures; the others are small.
sed -i '/siderolabs/d' "$tree/common/install-schematic.hcl"

theirs() { # makes installer and ISO in $work/chain
    if [ "$peer" = imager ]; then
        scripts/imager.sh "$imager" "$in" "$work/chain" \
            "$registry/siderolabs/installer-base:v1.11.5" "$registry/sulibot/frr-talos-extension:v1.0.18"
    else
        scripts/chain.sh "$in" "$work/chain"
    fi
}
for run in $(seq "$runs"); do
    echo "run $run of $runs …" >&2
    timed chain theirs
    timed start "$forge" --version
    rm -rf "$work/store"
    TALOS_FORGE_STORE=$work/store TALOS_FORGE_JAVA_OPTS="-Xlog:gc:file=$work/gc-cold.log" timed cold "$forge" -C "$images" apply --no-push
    TALOS_FORGE_STORE=$work/store TALOS_FORGE_JAVA_OPTS="-Xlog:gc:file=$work/gc.log" timed rebuild "$forge" -C "$images" apply --no-push
done

echo "a tree of 500 units …" >&2
scripts/units.sh "$work/units" 500
for run in $(seq "$runs"); do
    timed units "$forge" -C "$work/units/live" validate
done

iso=$("$forge" -C "$images" output --raw iso_path)
chain=$(median <"$work/chain.seconds")
cold=$(median <"$work/cold.seconds")
rebuild=$(median <"$work/rebuild.seconds")
start=$(median <"$work/start.seconds")
units=$(median <"$work/units.seconds")
if [ "$peer" = imager ]; then
    mv "$work/chain/nocloud-amd64.iso" "$work/chain/chain.iso"
    # imager leaves the extension in the initramfs alone, behind the one that it was given.
    xorriso -osirrox on -indev "$work/chain/chain.iso" -extract /boot/initramfs.xz "$work/chain/initramfs.xz" 2>/dev/null
    (cd "$work/chain" && tail -c +$(($(stat -c %s "$in/initramfs.xz") + 1)) initramfs.xz | zstd -dc | cpio -i --quiet 0.sqsh)
fi
theirs=$(stat -c %s "$work/chain/chain.iso")
ours=$(stat -c %s "$iso")
sqsh_theirs=$(stat -c %s "$work/chain/0.sqsh")
sqsh_ours=$(for blob in "$work"/store/blobs/sha256/*; do
    if [ "$(head -c 4 "$blob" | tr -d '\0')" = hsqs ]; then
        stat -c %s "$blob"
    fi
done)
# The most that was in use when a collection began, over the cold build and the rebuild.
heap=$(sed -n 's/.* \([0-9]*\)M->[0-9]*M(.*/\1/p' "$work/gc.log" "$work/gc-cold.log" | sort -n | tail -n 1)

{
    printf '%-44s %12s %12s %8s\n' "" "$peer" "talos-forge" "ratio"
    printf '%-44s %10.2f s %10.2f s %8s\n' "cold build, installer + ISO" "$chain" "$cold" "$(ratio "$chain" "$cold")"
    printf '%-44s %12s %12s %8s\n' "ISO, bytes" "$theirs" "$ours" "$(ratio "$ours" "$theirs")"
    printf '%-44s %12s %12s %8s\n' "squashfs of the extension, bytes" "$sqsh_theirs" "$sqsh_ours" "$(ratio "$sqsh_ours" "$sqsh_theirs")"
    printf '%-44s %12s %10.2f s\n' "rebuild, nothing changed, less JVM start" "" "$(minus "$rebuild" "$start")"
    printf '%-44s %12s %10.2f s\n' "--version" "" "$start"
    printf '%-44s %12s %10.2f s\n' "validate, 500 units" "" "$units"
    printf '%-44s %12s %8s MiB\n' "peak heap (limit 256 MiB)" "" "${heap:-0}"
}
cat >target/bench.json <<JSON
{
  "peer": "$peer",
  "cold_build_ratio": $(ratio "$chain" "$cold"),
  "cold_build_seconds": $cold,
  "chain_seconds": $chain,
  "iso_size_ratio": $(ratio "$ours" "$theirs"),
  "squashfs_size_ratio": $(ratio "$sqsh_ours" "$sqsh_theirs"),
  "rebuild_seconds": $(minus "$rebuild" "$start"),
  "peak_heap_mib": ${heap:-0},
  "start_seconds": $start,
  "validate_500_units_seconds": $units,
  "runs": $runs
}
JSON
echo "written: target/bench.json" >&2
if ! awk -v seconds="$units" 'BEGIN { exit !(seconds < 2) }'; then
    echo "error: validating 500 units took $units s, it has to be less than 2 s" >&2
    exit 1
fi

scripts/registry-bench.sh
scripts/bench-proxmox.sh
