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
