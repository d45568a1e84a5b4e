# Service files of extensions, taken or skipped as Talos' controller does it: those that end in .yaml, in the order of their
# names, and of each the first document. One that is skipped is told in the controller's log alone; its first four errors are
# kept from the console, and a machine with one bad file says nothing of it there.
#
# Below /run/specs: one file for each service that is taken, in lines of yaml.awk.

CONTROLLER_LOG=/run/controller-runtime.log
KEPT_FROM_CONSOLE=4

# A message and status 1 where the lab does not understand what Talos would.
services_load() {
    mkdir -p /run/specs
    : >/run/services.list
    : >/run/skipped
    : >$CONTROLLER_LOG
    for file in /usr/local/etc/containers/*.yaml; do
        [ -f "$file" ] || continue
        service_load "$file" "${file##*/}" || return 1
    done
}

service_load() {
    first_document "$1" >/run/document.yaml
    yaml /run/document.yaml "$2" >/run/document || return 1
    skipped=$(awk -f $HOME_OF_SCRIPTS/spec.awk /run/document)
    if [ -n "$skipped" ]; then
        skip "$2" "error ${skipped%%$TAB*} extension service spec" "${skipped#*$TAB}"
        return
    fi
    name=$(text "$(awk -F"$TAB" '$1 == "0/name" { print $3 }' /run/document)")
    if [ -f /run/specs/$name ]; then
        skip "$2" "duplicate service spec" "$name"
        return
    fi
    strange=$(awk -F"$TAB" '$1 ~ /\/[ug]idmappings(\/|$)/ { print $1; exit }' /run/document)
    [ -z "$strange" ] || { echo "$2: ${strange#0/} is not understood by the lab" && return 1; }
    mv /run/document /run/specs/$name
    echo $name >>/run/services.list
}

# As far as Talos reads: what follows may be no YAML at all.
first_document() {
    awk '
        /^(---|\.\.\.)([ \t]|$)/ { if (any) exit; print; next }
        !/^[ \t]*(#.*)?$/ { any = 1 }
        { print }
    ' "$1"
}

skip() {
    line="[talos] $2 {\"component\": \"controller-runtime\", \"controller\": \"runtime.ExtensionServiceController\", \"filename\": \"$1\", \"error\": \"$(echo "$3" | sed 's/"/\\"/g')\"}"
    echo "$line" >>$CONTROLLER_LOG
    [ "$(wc -l <$CONTROLLER_LOG)" -le $KEPT_FROM_CONSOLE ] || kernel_log "$line"
    echo "$1: $3" >>/run/skipped
}
