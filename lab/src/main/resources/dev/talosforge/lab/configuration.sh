# What the machine is told: a drive as cloud-init's NoCloud has it, and what Talos' nocloud platform takes from it.
# Each function answers with a message on standard output and status 1 where it does not understand.

# Mounts the drive whose label is CIDATA or cidata on /run/cidata; status 1 when there is none.
configuration_drive() {
    tries=0
    while :; do
        for device in /dev/sr[0-9] /dev/vd[a-z] /dev/sd[a-z]; do
            [ -b "$device" ] || continue
            [ "$(part_of "$device" 32769 5)" = CD001 ] || continue
            case $(part_of "$device" 32808 32) in
            CIDATA | cidata)
                mkdir -p /run/cidata
                mount -t iso9660 -o ro "$device" /run/cidata && return 0
                ;;
            esac
        done
        # The controller of the drive finds it some time after its module is loaded.
        ls -d /sys/class/scsi_host/* >/dev/null 2>&1 || return 1
        tries=$((tries + 1))
        [ $tries -le 20 ] || return 1
        usleep 200000
    done
}

part_of() { dd if="$1" bs=1 skip="$2" count="$3" 2>/dev/null | tr -d '\0' | sed 's/ *$//'; }

# The host's name from meta-data, which Talos takes only together with network-config; the other keys of meta-data say
# nothing that the lab could use.
configuration_hostname() {
    [ -f /run/cidata/meta-data ] || return 0
    [ -f /run/cidata/network-config ] || return 0
    yaml /run/cidata/meta-data meta-data >/run/cidata.meta || return 1
    while IFS=$TAB read -r path kind text; do
        case $path in
        0/hostname | 0/local-hostname)
            hostname "$(text "$text")" || return 1
            ;;
        esac
    done </run/cidata.meta
}

# ExtensionServiceConfig documents of user-data: files under $CONFIGURED/NAME with a list of where they go.
# Other documents of a machine configuration are named and left alone.
configuration_services() {
    [ -s /run/cidata/user-data ] || return 0
    case $(head -n 1 /run/cidata/user-data | sed 's/[[:space:]]*$//') in
    '#cloud-config')
        report "user-data is a #cloud-config, which Talos does not take"
        return 0
        ;;
    '#include') echo "user-data: #include is not understood by the lab" && return 1 ;;
    esac
    yaml /run/cidata/user-data user-data >/run/cidata.user || return 1
    for document in $(cut -d/ -f1 /run/cidata.user | cut -f1 | uniq); do
        grep "^$document/" /run/cidata.user | sed "s|^$document/||" >/run/cidata.document
        kind=$(of kind)
        case $kind in
        ExtensionServiceConfig) extension_service_config || return 1 ;;
        *) report "user-data document ${kind:-$(of version)} left alone" ;;
        esac
    done
}

of() { awk -F"$TAB" -v key="$1" '$1 == key { print $3 }' /run/cidata.document; }

extension_service_config() {
    service=$(of name)
    case $service in
    '' | *[!-_a-z0-9]*) echo "user-data: ExtensionServiceConfig: name \"$service\" is not made of a-z, 0-9, - and _" && return 1 ;;
    esac
    if [ "$(of apiVersion)" != v1alpha1 ]; then
        echo "user-data: ExtensionServiceConfig $service: apiVersion is not v1alpha1"
        return 1
    fi
    at=$CONFIGURED/$service
    [ ! -d $at ] || { echo "user-data: ExtensionServiceConfig $service is there twice" && return 1; }
    mkdir -p $at /run/configured/$service
    : >/run/configured/$service/mounts
    : >/run/configured/$service/environment
    while IFS=$TAB read -r path kind text; do
        case $path in
        apiVersion | kind | name) ;;
        configFiles/*/content | configFiles/*/mountPath) ;;
        environment/*)
            echo "$text" >>/run/configured/$service/environment
            continue
            ;;
        *) echo "user-data: ExtensionServiceConfig $service: $path is not understood" && return 1 ;;
        esac
        case $path in
        configFiles/*) configured_file "$service" "$(echo "$path" | cut -d/ -f2)" || return 1 ;;
        esac
    done </run/cidata.document
    if [ ! -s /run/configured/$service/mounts ] && [ ! -s /run/configured/$service/environment ]; then
        echo "user-data: ExtensionServiceConfig $service has neither configFiles nor environment"
        return 1
    fi
    report "configuration of service $service: $(wc -l </run/configured/$service/mounts) files, $(wc -l </run/configured/$service/environment) variables"
}

# One file, when the first of its two keys comes by.
configured_file() {
    mount_path=$(of "configFiles/$2/mountPath")
    [ -n "$mount_path" ] || { echo "user-data: ExtensionServiceConfig $1: configFiles/$2 has no mountPath" && return 1; }
    [ -n "$(of "configFiles/$2/content")" ] ||
        { echo "user-data: ExtensionServiceConfig $1: configFiles/$2 has no content" && return 1; }
    file=$CONFIGURED/$1/$(echo "${mount_path#/}" | tr / -)
    text "$(of "configFiles/$2/content")" >$file
    chmod 0644 $file
    grep -q "^$file$TAB" /run/configured/$1/mounts || echo "$file$TAB$mount_path" >>/run/configured/$1/mounts
}
