# Why Talos skips a service file, given as lines of yaml.awk: one line, "loading" or "validating" and the reason, where it
# does. A field that Talos does not know says nothing here, as it does there.

function refuse(stage, why) {
    # What cannot be read is told before what is read and wrong.
    if (reason[stage] == "") reason[stage] = why
}

function truth(kind, text) {
    if (kind == "null") return "false"
    # These two words are no texts when they are not quoted; the others are texts for everybody else.
    if (kind == "text" && text ~ /^(true|True|TRUE)$/) return "true"
    if (kind == "text" && text ~ /^(false|False|FALSE)$/) return "false"
    if (text ~ /^(y|Y|yes|Yes|YES|on|On|ON)$/) return "true"
    if (text ~ /^(n|N|no|No|NO|off|Off|OFF)$/) return "false"
    return ""
}

# What a path has to hold, "#" standing for a number in it: a text, true or false, a list or a mapping; "" where Talos has
# no such field.
function shape(path) {
    if (path ~ /^(name|restart|container\/(entrypoint|environmentFile|(args|environment)\/#|security\/(rootfsPropagation|(masked|readonly)Paths\/#)|mounts\/#\/(source|destination|type|options\/#))|depends\/#\/(service|path|network\/#))$/) return "text"
    if (path ~ /^(logToConsole|container\/security\/writeable(Rootfs|Sysfs)|depends\/#\/(time|configuration))$/) return "bool"
    if (path ~ /^(depends|depends\/#\/network|container\/(args|environment|mounts|mounts\/#\/(options|[ug]idmappings)|security\/(masked|readonly)Paths))$/) return "list"
    if (path ~ /^(container|container\/(security|mounts\/#|mounts\/#\/[ug]idmappings\/#)|depends\/#)$/) return "map"
    return ""
}

# Whether everything on the way to this path is what it has to be, and the path itself.
function check(path, kind,    parts, count, i, at, wanted) {
    count = split(path, parts, "/")
    at = ""
    for (i = 2; i <= count; i++) {
        at = at (i > 2 ? "/" : "") (parts[i] ~ /^[0-9]+$/ ? "#" : parts[i])
        wanted = shape(at)
        if (wanted == "") return
        if (i < count) {
            if (wanted == "text" || wanted == "bool") { refuse("loading", "cannot unmarshal a list or mapping into a text: " at); return }
            if ((wanted == "list") != (parts[i + 1] ~ /^[0-9]+$/)) { refuse("loading", at " is no " wanted); return }
        }
    }
    if (kind == "null") return
    if (wanted == "list" && kind != "list") refuse("loading", "cannot unmarshal !!" (kind == "map" ? "map" : "str") " into a list: " at)
    if (wanted == "map" && kind != "map") refuse("loading", "cannot unmarshal !!" (kind == "list" ? "seq" : "str") " into a mapping: " at)
    if ((wanted == "text" || wanted == "bool") && (kind == "list" || kind == "map")) refuse("loading", "cannot unmarshal !!" (kind == "list" ? "seq" : "map") " into a text: " at)
}

BEGIN { FS = "\t"; restart = "" }

{ check($1, $2) }

# An item that is null is left out.
$1 ~ /^0\/depends\/[0-9]+(\/|$)/ && !($1 ~ /^0\/depends\/[0-9]+$/ && $2 == "null") {
    split($1, part, "/")
    if (!(part[3] in given)) given[part[3]] = 0
    if (part[3] + 0 > last) last = part[3] + 0
    if ($1 ~ /\/(service|path)$/ && $3 != "") given[part[3]]++
    if ($1 ~ /\/path$/ && $3 != "" && $3 !~ /^\//) refuse("validating", "path is not absolute: \"" $3 "\"")
    if ($1 ~ /\/network\/0$/) given[part[3]]++
    if ($1 ~ /\/network\/[0-9]+$/ && tolower($3) !~ /^(addresses|connectivity|hostname|etcfiles)$/) {
        refuse("loading", $3 " does not belong to Status values")
    }
    if ($1 ~ /\/(time|configuration)$/ && truth($2, $3) == "true") given[part[3]]++
}

$1 ~ /^0\/(logToConsole|container\/security\/writeable(Rootfs|Sysfs)|depends\/[0-9]+\/(time|configuration))$/ && truth($2, $3) == "" {
    refuse("loading", "cannot unmarshal !!str `" $3 "` into bool")
}

$1 == "0/name" { name = $3 }
$1 == "0/container/entrypoint" { entrypoint = $3 }
$1 == "0/restart" && $2 != "null" {
    restart = $3
    if (tolower($3) !~ /^(always|never|untilsuccess)$/) refuse("loading", $3 " does not belong to RestartKind values")
}

END {
    if (name !~ /^[-_a-z0-9]+$/) refuse("validating", "name \"" name "\" is invalid")
    if (restart == "") refuse("validating", "restart kind is invalid: RestartKind(0)")
    if (entrypoint == "") refuse("validating", "container endpoint can't be empty")
    for (item = 0; item <= last; item++) {
        if (!(item in given)) continue
        if (given[item] == 0) refuse("validating", "no dependency specified")
        if (given[item] > 1) refuse("validating", "more than a single dependency is set")
    }
    if (reason["loading"] != "") print "loading\t" reason["loading"]
    else if (reason["validating"] != "") print "validating\t" reason["validating"]
}
