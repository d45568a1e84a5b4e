#!/bin/sh
# First process in the namespaces of an extension service: sets up what containerd's default specification and the
# service's file say, and becomes the service. Everything it mounts ends with it.

. /usr/lib/talos-forge/common.sh

name=$1
work=/run/services/$name
root=/usr/local/lib/containers/$name

fail() {
    echo "cannot be set up: $*"
    exit 128
}

echo 0 >/sys/fs/cgroup/system/extensions/$name/cgroup.procs
echo -600 >/proc/self/oom_score_adj
# The /proc of the machine is still here and knows this process by the machine's number.
read -r pid rest </proc/self/stat

of() { awk -F"$TAB" -v key="0/$1" '$1 == key { print $3 }' $work/spec; }
list() { awk -F"$TAB" -v key="^0/$1/[0-9]+\$" '$1 ~ key && $2 != "null" { print $3 }' $work/spec; }
# Whether a list is given, be it empty; null is as good as nothing.
given() { awk -F"$TAB" -v key="^0/$1(/|\$)" '$1 ~ key && $2 != "null" { found = 1 } END { exit !found }' $work/spec; }

# Where a path of the container is for us: links in it lead to places in the container, whatever they say.
inside() {
    left=$1 seen= steps=0
    while [ -n "$left" ]; do
        part=${left%%/*}
        case $left in */*) left=${left#*/} ;; *) left= ;; esac
        case $part in
        '' | .) continue ;;
        ..)
            seen=${seen%/*}
            continue
            ;;
        esac
        if [ -L "$root$seen/$part" ]; then
            steps=$((steps + 1))
            [ $steps -le 40 ] || fail "$1 has too many links"
            target=$(readlink "$root$seen/$part")
            left=$target/$left
            case $target in /*) seen= ;; esac
        else
            seen=$seen/$part
        fi
    done
    echo "$root$seen"
}

# A mount: source, destination, type and options, parted by commas, as an OCI runtime takes them.
place() {
    at=$(inside "$2") || fail "$at"
    flags= data= bind=
    for option in $(echo "$4" | tr , ' '); do
        case $option in
        bind | rbind) bind=$option ;;
        private | rprivate | slave | rslave | shared | rshared | unbindable | runbindable) ;;
        rw) ;;
        ro | nosuid | suid | nodev | dev | noexec | exec | sync | async | noatime | atime | nodiratime | diratime | relatime | norelatime | strictatime)
            flags=$flags,$option
            ;;
        *) data=$data,$option ;;
        esac
    done
    [ "$3" != bind ] || bind=${bind:-bind}
    if [ -n "$bind" ]; then
        [ -e "$1" ] || fail "the source of a mount is not there: $1"
        if [ -d "$1" ]; then
            mkdir -p "$at" || fail "no place to mount $2"
        else
            mkdir -p "${at%/*}" && { [ -e "$at" ] || : >"$at"; } || fail "no place to mount $2"
        fi
        mount -o $bind "$1" "$at" || fail "$1 cannot be bound to $2"
        [ -z "$flags" ] || mount -o "remount,bind$flags" "$at" || fail "$2 cannot be mounted with ${flags#,}"
    else
        mkdir -p "$at" || fail "no place to mount $2"
        options=$flags$data
        mount -t "$3" -o "${options#,}" "$1" "$at" || fail "$3 cannot be mounted on $2"
    fi
}

# The devices that every container has, unless it was given the machine's.
devices() {
    [ ! -e $root/dev/null ] || return 0
    for device in "null 1 3" "zero 1 5" "full 1 7" "random 1 8" "urandom 1 9" "tty 5 0"; do
        set -- $device
        mknod -m 0666 $root/dev/$1 c $2 $3
    done
    ln -s /proc/self/fd $root/dev/fd
    ln -s /proc/self/fd/0 $root/dev/stdin
    ln -s /proc/self/fd/1 $root/dev/stdout
    ln -s /proc/self/fd/2 $root/dev/stderr
    ln -s pts/ptmx $root/dev/ptmx
}

masked_paths() {
    if given container/security/maskedPaths; then list container/security/maskedPaths; else
        printf '%s\n' /proc/acpi /proc/asound /proc/kcore /proc/keys /proc/latency_stats /proc/timer_list \
            /proc/timer_stats /proc/sched_debug /sys/firmware /sys/devices/virtual/powercap /proc/scsi
    fi
}

readonly_paths() {
    if given container/security/readonlyPaths; then list container/security/readonlyPaths; else
        printf '%s\n' /proc/bus /proc/fs /proc/irq /proc/sys /proc/sysrq-trigger
    fi
}

mount --bind $root $root || fail "its root cannot be bound"
sys=nosuid,noexec,nodev,ro
! of container/security/writeableSysfs | is_true || sys=nosuid,noexec,nodev
place proc /proc proc nosuid,noexec,nodev
place tmpfs /dev tmpfs nosuid,strictatime,mode=755,size=65536k
place devpts /dev/pts devpts nosuid,noexec,newinstance,ptmxmode=0666,mode=0620,gid=5
place shm /dev/shm tmpfs nosuid,noexec,nodev,mode=1777,size=65536k
place mqueue /dev/mqueue mqueue nosuid,noexec,nodev
place sysfs /sys sysfs $sys
place tmpfs /run tmpfs nosuid,strictatime,mode=755,size=65536k
place /etc/hosts /etc/hosts bind rbind,ro
place /etc/resolv.conf /etc/resolv.conf bind rbind,ro

for number in $(awk -F/ '$2 == "container" && $3 == "mounts" && $4 ~ /^[0-9]+$/ { print $4 }' $work/spec | uniq); do
    mount=container/mounts/$number
    place "$(text "$(of $mount/source)")" "$(text "$(of $mount/destination)")" "$(of $mount/type)" "$(list $mount/options | tr '\n' ,)"
done
if [ -f /run/configured/$name/mounts ]; then
    while IFS=$TAB read -r file destination; do
        place "$file" "$destination" bind ro,bind
    done </run/configured/$name/mounts
fi
devices
masked_paths >$work/masked
while read -r path; do
    at=$root$(text "$path")
    if [ -d "$at" ]; then mount -t tmpfs -o ro tmpfs "$at"; elif [ -e "$at" ]; then mount --bind /dev/null "$at"; fi
done <$work/masked
readonly_paths >$work/readonly
while read -r path; do
    at=$root$(text "$path")
    [ ! -e "$at" ] || { mount -o bind "$at" "$at" && mount -o remount,bind,ro,nosuid,noexec,nodev "$at"; }
done <$work/readonly

# The program as runc finds it: from the container's root, or by its bare name in the PATH that the service brings. There is
# no other PATH: neither Talos nor runc gives one.
entrypoint=$(text "$(of container/entrypoint)")
case $entrypoint in
*/*) ;;
*)
    path=$(sed -n 's/^PATH=//p' $work/environment | tail -n 1)
    found=
    for folder in $(echo "$path" | tr : ' '); do
        [ -z "$found" ] && [ -x "$(inside "$folder/$entrypoint")" ] && found=$folder/$entrypoint
    done
    [ -n "$found" ] || fail "exec: \"$entrypoint\": executable file not found in \$PATH"
    entrypoint=$found
    ;;
esac

# Rules for system calls, and all capabilities but those to load modules and to reboot.
set -- $HOME_OF_SCRIPTS/confine/ld.so --library-path $HOME_OF_SCRIPTS/confine $HOME_OF_SCRIPTS/confine/setpriv --no-new-privs \
    --bounding-set -sys_module,-sys_boot --seccomp-filter $HOME_OF_SCRIPTS/confine/seccomp.bpf
home=$(awk -F: '$3 == 0 { print $6; exit }' $root/etc/passwd 2>/dev/null)
set -- "$@" /run/bin/env -i "HOME=${home:-/}"
while IFS= read -r variable; do set -- "$@" "$(text "$variable")"; done <$work/environment
set -- "$@" /run/bin/chroot . "$entrypoint"
list container/args >$work/args
while IFS= read -r argument; do set -- "$@" "$(text "$argument")"; done <$work/args

of container/security/writeableRootfs | is_true || mount -o remount,ro,bind $root || fail "its root cannot be made read-only"
echo $pid >$work/pid
echo running >$work/state.new
mv $work/state.new $work/state
cd $root && mount --move . / || fail "its root cannot become the root"
exec 4>&-
# Open files: containerd's own limit, which Talos lifts since 1.13.
talos_at_least 1 13 0 || ulimit -n 1024
exec "$@"
