#!/usr/bin/env bash
# Builds the programs of judges.tsv that are not there yet, from source, and prints the folder that they are in.
#   JUDGES=$(scripts/judges.sh)             all of them: $JUDGES/NAME-VERSION/NAME
#   JUDGES=$(scripts/judges.sh talos runc)  only these
# One that is not to be had as a Go module comes from a newer suite of Debian, which stands for its version then.
# Each has a recipe, scripts/judges/NAME.sh, which finds $name, $version, $module, $judges and $folder (to be filled)
# and the functions below. A judge is there as soon as its folder is: it gets its name when the recipe has ended well.
# It is built again when its recipe has changed.
set -euo pipefail
cd "$(dirname "$0")/.."

recipes=$PWD/scripts/judges
judges=${XDG_CACHE_HOME:-$HOME/.cache}/talos-forge/judges
oldest=21 # Go 1.21 was the first that fetches the Go that a module asks for.

# go_found: the first Go on this machine that is new enough, into $go
go_found() {
    local candidate minor found=none
    [ -z "${go:-}" ] || return 0
    for candidate in "$(command -v go || true)" /usr/local/go/bin/go /usr/lib/go-1.*/bin/go; do
        [ -x "$candidate" ] || continue
        found=$("$candidate" version)
        minor=$(sed -n 's/.* go1\.\([0-9]*\).*/\1/p' <<<"$found")
        if [ "${minor:-0}" -ge $oldest ]; then
            go=$candidate
            return
        fi
    done
    echo "error: cannot build the judges"
    echo "  why:   Go 1.$oldest or newer is needed, found: $found"
    echo "  try:   install Go (https://go.dev/doc/install), then: make conformance"
    exit 5
} >&2

# module_source MODULE VERSION FOLDER: the source of a Go module in a folder that can be written to
module_source() {
    local answer source
    go_found
    answer=$(cd / && "$go" mod download -json "$1@v$2" || true)
    source=$(sed -n 's/^\t"Dir": "\(.*\)",\{0,1\}$/\1/p' <<<"$answer")
    if [ -z "$source" ]; then
        echo "error: cannot fetch $1 v$2"
        sed -n 's/^\t"Error": "\(.*\)",\{0,1\}$/  why:   \1/p' <<<"$answer"
        echo "  try:   see that a Go module proxy can be reached (go env GOPROXY), then: make conformance"
        exit 7
    fi >&2
    mkdir -p "$3"
    cp -r "$source/." "$3"
    chmod -R u+w "$3"
}

# go_build PROGRAM PACKAGE [LDFLAGS [OPTIONS…]]: a program of the module in the current folder
go_build() {
    local program=$1 package=$2 ldflags=${3:-}
    shift $(($# < 3 ? $# : 3))
    CGO_ENABLED=${CGO_ENABLED:-0} GOWORK=off "$go" build -trimpath -buildvcs=false -ldflags "-s -w $ldflags" "$@" \
        -o "$folder/$program" "$package" </dev/null >&2
}

# go_program PACKAGE [LDFLAGS [OPTIONS…]]: for a judge that is one program of its own module
go_program() {
    module_source "$module" "$version" "$work/source"
    (cd "$work/source" && go_build "$name" "$@")
}

# debian_packages SUITE PACKAGE…: packages of a suite of Debian that is newer than this machine's, and the libraries,
# Python modules and kernels that they ask for, in $folder/root. From the machine's own mirror, signatures checked, nothing installed.
# Suites move: which version of the first package it was is left in $folder/brought.
debian_packages() {
    local suite=$1 keys=/usr/share/keyrings/debian-archive-keyring.gpg mirror state wanted package options
    shift
    mirror=$(apt-get --print-uris update | sed -n "/security/!s|^'\(.*\)/dists/.*|\1|p" | head -1 || true)
    if [ -z "$mirror" ] || [ ! -f "$keys" ]; then
        echo "error: cannot fetch $* from Debian's suite $suite"
        echo "  why:   apt-get names no mirror, or there is no $keys"
        echo "  try:   make conformance on Debian 12 or newer"
        exit 5
    fi >&2
    state=$judges/.debian-$suite
    wanted=$(IFS='|' && echo "^(lib|python3|linux-)|^($*)\$")
    mkdir -p "$state/lists/partial" "$state/archives/partial" "$work/packages" "$folder/root"
    echo "deb [signed-by=$keys] $mirror $suite main" >"$state/sources"
    : >"$state/status"
    options=(-qq -o "Dir::State=$state" -o "Dir::Cache=$state" -o "Dir::State::status=$state/status"
        -o "Dir::Etc::sourcelist=$state/sources" -o Dir::Etc::sourceparts=/dev/null -o APT::Sandbox::User=root
        -o APT::Update::Error-Mode=any -o Acquire::Retries=3 -o Acquire::Languages=none
        -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false)
    # One at a time, for apt ends where it finds another one; the list is fetched once in a run of this script.
    if ! (
        flock 9 &&
            { [ "$(cat "$state/run" 2>/dev/null)" = $$ ] || apt-get "${options[@]}" update; } && echo $$ >"$state/run" &&
            apt-get "${options[@]}" --no-install-recommends -s install "$@" >"$work/plan" &&
            cd "$work/packages" &&
            sed -n 's/^Inst \([^ ]*\) .*/\1/p' "$work/plan" | grep -E "$wanted" | xargs apt-get "${options[@]}" download
    ) 9>"$state/lock" >&2; then
        echo "error: cannot fetch $* from Debian's suite $suite" >&2
        echo "  try:   see that $mirror can be reached, then: make conformance" >&2
        exit 7
    fi
    for package in "$work/packages"/*.deb; do
        dpkg -x "$package" "$folder/root"
    done
    dpkg-deb -f "$work/packages/$1"_*.deb Version >"$folder/brought"
}

# debian_program PROGRAM [SCRIPT]: $name runs a program of $folder/root with the libraries that came with it
debian_program() {
    local loader
    loader=$(cd "$folder" && find root -path '*-linux-gnu/ld-linux*.so.*' | sort | head -1)
    {
        echo '#!/bin/sh'
        echo 'root=$(dirname "$(readlink -f "$0")")/root'
        [ $# = 1 ] || echo 'export PYTHONHOME="$root/usr"'
        echo "exec \"\$root/${loader#root/}\" --library-path \"\$root/$(dirname "${loader#root/}")\"" \
            "$(printf '"$root/%s" ' "$@")\"\$@\""
    } >"$folder/$name"
    chmod 755 "$folder/$name"
    "$folder/$name" --help >/dev/null # all is there that it needs
}

build() {
    local start=$SECONDS folder work
    mkdir -p "$judges"
    work=$(mktemp -d "$judges/.$name.XXXXXX")
    # shellcheck disable=SC2064 # this folder, also when the next one is being built
    trap "rm -rf '$work'" EXIT
    folder=$work/$name-$version
    mkdir "$folder"
    echo "building $name $version" >&2
    # shellcheck source=/dev/null
    (. "$recipes/$name.sh")
    cp "$recipes/$name.sh" "$folder/recipe"
    rm -rf "${judges:?}/$name-$version"
    # Two builds at once: the first one's folder stays, for both made the same.
    mv -T "$folder" "$judges/$name-$version" 2>/dev/null || [ -d "$judges/$name-$version" ]
    rm -rf "$work"
    echo "built $name $version in $((SECONDS - start)) s" >&2
}

while IFS=$'\t' read -r name version module toolchain; do
    case $name in '#'* | '') continue ;; esac
    case " $* " in *" $name "* | '  ') ;; *) continue ;; esac
    if ! cmp -s "$recipes/$name.sh" "$judges/$name-$version/recipe"; then
        GOTOOLCHAIN=$toolchain
        export GOTOOLCHAIN
        build
    fi
    if [ "$module" = debian ]; then
        brought=$(cat "$judges/$name-$version/brought")
        [ "$brought" = "$toolchain" ] || brought="$brought now, and $toolchain in scripts/judges.tsv"
        echo "$name of Debian's $version is $brought" >&2
    fi
done <scripts/judges.tsv
echo "$judges"
