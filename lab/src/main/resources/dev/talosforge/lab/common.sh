# What all scripts of the lab's stand-in have in common.

PATH=/run/bin
export PATH
HOME_OF_SCRIPTS=/usr/lib/talos-forge
TAB=$(printf '\t')

# Where lines for whoever watches go; a machine of another architecture has no such port.
SERIAL=/dev/ttyS0
[ -c $SERIAL ] || SERIAL=/dev/console

# A whole line on the serial port, whatever the kernel was told to use as its console.
console() {
    echo "$*" 2>/dev/null >$SERIAL
    [ $SERIAL != /dev/console ] || return 0
    case " $(cat /sys/class/tty/console/active 2>/dev/null) " in
    *" ttyS0 "*) ;;
    *) echo "$*" 2>/dev/null >/dev/console ;;
    esac
}

report() { console "talos-forge-lab: $*"; }

# A line as Talos writes it: bare into the kernel's log, and from there to the serial port where that is a console. There the
# kernel would put the time before it; the lab's kernel keeps its messages to itself, and the line is written whole.
kernel_log() {
    echo "$*" >/dev/kmsg
    ! serial_is_console || echo "$*" >$SERIAL
}

serial_is_console() {
    case " $(cat /sys/class/tty/console/active 2>/dev/null) " in
    *" ${SERIAL##*/} "*) return 0 ;;
    *) [ $SERIAL = /dev/console ] ;;
    esac
}

# A file of YAML as lines of path, kind and text; what cannot be read is a message and status 1.
yaml() {
    size=$(stat -c %s "$1") || return 1
    if [ "$size" -gt 1048576 ]; then
        echo "$2: $size bytes, more than 1048576" >&2
        return 1
    fi
    awk -v name="$2" -f $HOME_OF_SCRIPTS/yaml.awk "$1"
}

# The text of a line of yaml().
text() { printf %b "$1"; }

# Where the files are that the machine configuration has for a service.
CONFIGURED=/system/overlays/extensions

# Whether the version of Talos that is stood in for is at least this one: MAJOR MINOR PATCH.
talos_at_least() {
    version=$(sed -n 's/^VERSION_ID=v*//p' /etc/os-release | sed 's/-.*//')
    for wanted in "$@"; do
        part=${version%%.*}
        case $version in *.*) version=${version#*.} ;; *) version=0 ;; esac
        [ "${part:-0}" -ge "$wanted" ] || return 1
        [ "${part:-0}" -eq "$wanted" ] || return 0
    done
}

# Whether a value of a service file, read from the standard input, is one of the words that Talos takes for true.
is_true() {
    read -r word
    case $(echo "$word" | tr A-Z a-z) in
    y | yes | on | true) return 0 ;;
    *) return 1 ;;
    esac
}
