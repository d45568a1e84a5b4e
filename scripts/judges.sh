#!/usr/bin/env bash
# Builds the programs of judges.tsv that are not there yet, from source, and prints the folder that they are in.
#   JUDGES=$(scripts/judges.sh)      $JUDGES/NAME-VERSION/NAME
set -euo pipefail
cd "$(dirname "$0")/.."

judges=${XDG_CACHE_HOME:-$HOME/.cache}/talos-forge/judges
oldest=21 # Go 1.21 was the first that fetches the Go that a module asks for.

find_go() {
    local go minor found=none
    for go in "$(command -v go || true)" /usr/local/go/bin/go /usr/lib/go-1.*/bin/go; do
        [ -x "$go" ] || continue
        found=$("$go" version)
        minor=$(sed -n 's/.* go1\.\([0-9]*\).*/\1/p' <<<"$found")
        if [ "${minor:-0}" -ge $oldest ]; then
            echo "$go"
            return
        fi
    done
    {
        echo "error: cannot build the judges"
        echo "  why:   Go 1.$oldest or newer is needed, found: $found"
        echo "  try:   install Go (https://go.dev/doc/install), then: make conformance"
    } >&2
    exit 5
}

# build NAME VERSION MODULE PACKAGE LDFLAGS: under another name first, so that what is there is whole
build() {
    local out=$judges/$1-$2/$1 start=$SECONDS source work
    [ -x "$out" ] && return
    echo "building $1 $2" >&2
    source=$("$go" mod download -json "$3@v$2" || true)
    work=$(sed -n 's/^\t"Dir": "\(.*\)",\{0,1\}$/\1/p' <<<"$source")
    if [ -z "$work" ]; then
        echo "error: cannot fetch $3 v$2" >&2
        sed -n 's/^\t"Error": "\(.*\)",\{0,1\}$/  why:   \1/p' <<<"$source" >&2
        echo "  try:   see that a Go module proxy can be reached (go env GOPROXY), then: make conformance" >&2
        exit 7
    fi
    source=$work
    work=$(mktemp -d)
    cp -r "$source/." "$work"
    chmod -R u+w "$work"
    mkdir -p "$judges/$1-$2"
    (cd "$work" && CGO_ENABLED=0 "$go" build -trimpath -buildvcs=false -ldflags "-s -w $5" -o "$out.partial" "$4") >&2 </dev/null
    mv "$out.partial" "$out"
    rm -rf "$work"
    echo "built $1 $2 in $((SECONDS - start)) s" >&2
}

export GOTOOLCHAIN=auto
go=
while IFS=$'\t' read -r name version module package ldflags; do
    case $name in '#'* | '') continue ;; esac
    if [ ! -x "$judges/$name-$version/$name" ]; then
        go=${go:-$(find_go)}
        build "$name" "$version" "$module" "$package" "$ldflags"
    fi
done <scripts/judges.tsv
echo "$judges"
