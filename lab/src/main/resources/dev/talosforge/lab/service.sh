#!/bin/sh
# The life of one extension service, as Talos and containerd give it: waits for what it depends on, makes the sources of
# its mounts, puts an overlay over its root, runs it, and starts it again as its file says.
#
# Below /run/services/NAME: spec (its file, read), state, pid (of its first process), log, and stop when it has to end.

. /usr/lib/talos-forge/common.sh
. $HOME_OF_SCRIPTS/network.sh

name=$1
work=/run/services/$name
root=/usr/local/lib/containers/$name
group=/sys/fs/cgroup/system/extensions/$name
restart_delay=5

state() {
    echo "$*" >$work/state.new
    mv $work/state.new $work/state
}

fail() {
    state "failed $*"
    report "service $name failed: $*"
    exit 1
}

of() { awk -F"$TAB" -v key="0/$1" '$1 == key { print $3 }' $work/spec; }

# Values of a list, one a line, still escaped. What is null is left out.
list() { awk -F"$TAB" -v key="^0/$1/[0-9]+\$" '$1 ~ key && $2 != "null" { print $3 }' $work/spec; }

# What is waited for, in words; nothing when all is there.
missing() {
    while IFS=$TAB read -r path kind text; do
        case $path in
        0/depends/*/service) service_up "$text" || echo "service $text" ;;
        0/depends/*/path) [ -e "$(text "$text")" ] || echo "path $text" ;;
        0/depends/*/network/*) network_ready "$text" || echo "network $text" ;;
        0/depends/*/configuration) ! echo "$text" | is_true || [ -f /run/configured/$name/mounts ] || echo configuration ;;
        0/container/environmentFile) [ -e "$(text "$text")" ] || echo "environment file $text" ;;
        esac
    done <$work/spec
}

# The machine's own services that run in maintenance mode. All others, cri and apid among them, are registered once a node is
# installed and configured, which the lab's machine never is.
service_up() {
    case $1 in
    ext-*) [ "$(cat "/run/services/${1#ext-}/state" 2>/dev/null)" = running ] ;;
    auditd | containerd | dashboard | machined | syslogd | udevd) true ;;
    *) false ;;
    esac
}

wait_for_dependencies() {
    told=
    while [ ! -e $work/stop ]; do
        wanted=$(missing | tr '\n' ',' | sed 's/,$//; s/,/, /g')
        [ -n "$wanted" ] || return 0
        if [ "$wanted" != "$told" ]; then
            state "waiting for $wanted"
            report "service $name waiting for $wanted"
            told=$wanted
        fi
        sleep 1
    done
    state stopped
    exit 0
}

# Talos makes a source that is missing, from the root folder on; where it cannot, the service fails for good.
make_sources() {
    cd /
    awk -F"$TAB" '$1 ~ /^0\/container\/mounts\/[0-9]+\/source$/ { print $3 }' $work/spec >$work/sources
    while read -r source; do
        source=$(text "$source")
        [ -e "$source" ] || answer=$(mkdir -p -m 0700 "$source" 2>&1) || fail "the source of a mount cannot be made: $answer"
    done <$work/sources
}

# Variables in the order in which a later one wins: the environment file's, the service's, the machine configuration's.
environment() {
    : >$work/environment
    file=$(text "$(of container/environmentFile)")
    if [ -n "$file" ]; then
        sed -n 's/\\/\\\\/g; s/^ *export  *//; s/^ *//; /^#/d; /^$/d; s/^\([^=]*\)="\(.*\)"$/\1=\2/; s/^\([^=]*\)='\''\(.*\)'\''$/\1=\2/; p' "$file" >>$work/environment
    fi
    list container/environment >>$work/environment
    [ ! -f /run/configured/$name/environment ] || cat /run/configured/$name/environment >>$work/environment
}

overlay() {
    [ -d $root ] || fail "there is no container at $root"
    at=/system/overlays/$name
    mkdir -p $at/upper $at/work
    mount -t overlay -o "lowerdir=$root,upperdir=$at/upper,workdir=$at/work" overlay $root ||
        fail "the overlay of its root cannot be mounted"
}

# Takes what the service prints, whole lines, into a log that stays below two megabytes. What goes to the console goes bare
# through the kernel's log, which cuts long lines: nothing says whose line it is.
log() {
    serial=
    ! serial_is_console || serial=$SERIAL
    awk -v log_file=$work/log -v console="$(of logToConsole | is_true && echo true)" -v serial=$serial '
        {
            print >>log_file
            fflush(log_file)
            if (console == "true") {
                line = length($0) > 971 ? substr($0, 1, 971) "..." : $0
                gsub(/\t/, " ", line)
                print line >"/dev/kmsg"
                fflush("/dev/kmsg")
                if (serial != "") { print line >serial; fflush(serial) }
            }
            size += length($0) + 1
            if (size > 1048576) { close(log_file); system("mv " log_file " " log_file ".old"); size = 0 }
        }
    ' <$work/output &
}

run() {
    mkdir -p $group
    rm -f $work/pid
    own_ipc=--ipc
    ! talos_at_least 1 13 9 || own_ipc=
    unshare --mount --uts --pid $own_ipc -f --propagation private /bin/sh $HOME_OF_SCRIPTS/container.sh $name >&4 2>&1 </dev/null &
    wait $!
    status=$?
    rm -f $work/pid
    # What the first process left behind ended with it; its group stays for the next run.
}

[ -d $work ] || mkdir -p $work
state starting
cp /run/specs/$name $work/spec
restart=$(of restart | tr A-Z a-z)
wait_for_dependencies
make_sources
environment
overlay
mkfifo $work/output
exec 4<>$work/output
log
while :; do
    run
    [ ! -e $work/stop ] || break
    case $restart in
    never) break ;;
    untilsuccess) [ $status != 0 ] || break ;;
    esac
    state "restarting after status $status"
    report "service $name ended with status $status and is started again in $restart_delay s"
    waited=0
    while [ $waited -lt $restart_delay ] && [ ! -e $work/stop ]; do
        sleep 1
        waited=$((waited + 1))
    done
    [ ! -e $work/stop ] || break
done
umount $root
if [ -e $work/stop ]; then
    state stopped
elif [ $status = 0 ]; then
    state finished
    report "service $name finished"
else
    fail "ended with status $status"
fi
