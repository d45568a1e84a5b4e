# What can be asked of services and the machine, by machined and through the control port.

# All services that the extensions bring and Talos takes, in the order of their files.
services() { cat /run/services.list; }

# running, waiting for ..., restarting ..., finished, failed ..., stopped
service_state() { cat "/run/services/$1/state"; }

# What it printed.
service_log() {
    for log in "/run/services/$1/log.old" "/run/services/$1/log"; do
        [ ! -f "$log" ] || cat "$log"
    done
}

service_start() {
    rm -rf "/run/services/$1"
    mkdir -p "/run/services/$1"
    setsid sh $HOME_OF_SCRIPTS/service.sh "$1" </dev/null >"/run/services/$1/supervisor" 2>&1 &
}

# SIGTERM to all of it, SIGKILL after Talos' ten seconds.
service_stop() {
    touch "/run/services/$1/stop"
    service_signal TERM "$1"
    tries=0
    while :; do
        case $(service_state "$1") in
        stopped | failed* | finished) break ;;
        esac
        tries=$((tries + 1))
        [ $tries -ne 50 ] || service_signal KILL "$1"
        usleep 200000
    done
}

service_signal() {
    for process in $(cat "/sys/fs/cgroup/system/extensions/$2/cgroup.procs" 2>/dev/null); do
        kill -"$1" "$process" 2>/dev/null
    done
}

# Runs a program in the container of a service: SERVICE PROGRAM ARGUMENT...
enter() {
    container=/run/services/$1/pid
    [ -s "$container" ] || { echo "service $1 does not run" && return 127; }
    shift
    nsenter -t "$(cat "$container")" -m -u -p -- "$@"
}

# Stops all services at once and switches the machine off.
machine_stop() {
    for service in $(services); do service_stop "$service" & done
    wait
    for service in $(services); do report "service $service $(service_state "$service")"; done
    report "off"
    sync
    poweroff -f
}
