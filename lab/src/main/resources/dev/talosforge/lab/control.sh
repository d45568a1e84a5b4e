#!/bin/sh
# The machine's control port: takes commands from whoever started the machine, one a line, "NUMBER COMMAND" with the
# command in base64, runs each in a shell and answers "NUMBER STATUS OUTPUT" with at most a megabyte of output in base64.
# Besides what busybox has, a command may use the functions of services.sh.

. /usr/lib/talos-forge/common.sh
. $HOME_OF_SCRIPTS/services.sh

exec 3<>"$1"
while :; do
    if ! read -r number command <&3; then
        usleep 200000
        continue
    fi
    echo "$command" | base64 -d >/run/control.command
    (. /run/control.command) </dev/null >/run/control.output 2>&1 3>&-
    status=$?
    echo "$number $status $(head -c 1048576 /run/control.output | base64 -w 0)" >&3
done
