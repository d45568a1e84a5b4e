# Turns a network-config of cloud-init, version 1 or 2, as yaml.awk prints it, into orders for network.sh, one a line.
# What Talos' nocloud platform reads and the lab does not, or nobody does, ends with a message.
#
#   link ID NAME MAC MTU        "-" where nothing is said; ID is what the other orders call it
#   dhcp4 ID
#   address ID ADDRESS/PREFIX
#   route ID TO VIA METRIC TABLE
#   onlink ID VIA METRIC TABLE
#   nameserver ADDRESS

BEGIN { FS = "\t" }

function fail(why) {
    print "network-config: " why > "/dev/stderr"
    failed = 1
    exit 1
}
function refuse() { fail(path " is not understood by the lab") }
function either(text, other) { return text == "" ? other : text }
function link(id) { if (!(id in known)) { known[id] = 1; order[++links] = id } }
function truth(text) {
    if (text == "true" || text == "yes") return 1
    if (text == "false" || text == "no") return 0
    fail(text " is neither true nor false")
}
function prefix(mask,    parts, i, n, bits) {
    if (split(mask, parts, ".") != 4) fail("netmask " mask " is not four numbers")
    for (i = 1; i <= 4; i++) {
        n = parts[i] + 0
        if (n > 0 && bits < 8 * (i - 1)) fail("netmask " mask " has a hole")
        while (n >= 128) { bits++; n = (n - 128) * 2 }
        if (n != 0) fail("netmask " mask " has a hole")
    }
    return bits + 0
}

{
    path = $1
    sub(/^0\/(network\/)?/, "", path)
    if ($1 !~ /^0\//) fail("there is a second document")
    if (path == "version") { version = $3; if (version != 1 && version != 2) fail("version " version " is neither 1 nor 2"); next }
    n = split(path, part, "/")
    if (part[1] == "config" && n >= 3) { one(part[2] + 0, n); next }
    if (part[1] == "ethernets" && n >= 3) { two(part[2], n); next }
    if (part[1] == "ethernets" && n == 2 && $2 == "map") { link(part[2]); next }
    refuse()
}

function one(item, n,    key) {
    if (item >= items) items = item + 1
    key = part[3]
    if (n == 3 && key ~ /^(type|name|mac_address|mtu)$/) { config[item, key] = $3; return }
    if (key == "subnets" && n == 5 && part[5] ~ /^(type|address|netmask|gateway)$/) {
        if (part[4] + 0 >= subnets[item]) subnets[item] = part[4] + 1
        subnet[item, part[4], part[5]] = $3
        return
    }
    if (key ~ /^(address|search)$/ && (n == 3 || n == 4)) {
        if (key == "address") orders[++count] = "nameserver " $3
        return
    }
    refuse()
}

function two(id, n,    key) {
    link(id)
    key = part[3]
    if (key == "match" && n == 4 && part[4] == "macaddress") { mac[id] = $3; return }
    if (key == "match" && n == 4 && part[4] == "name") { name[id] = $3; return }
    if (key == "mtu" && n == 3) { mtu[id] = $3; return }
    if (key == "dhcp4" && n == 3) { if (truth($3)) orders[++count] = "dhcp4 " id; return }
    if (key == "dhcp6" && n == 3 && !truth($3)) return
    if (key == "addresses" && n == 4) { address(id, $3); return }
    if (key == "addresses" && $2 == "list") return
    if (key == "gateway4" && n == 3) { orders[++count] = "route " id " default " $3 " 1024 254"; return }
    if (key == "gateway6" && n == 3) { orders[++count] = "route " id " default " $3 " 2048 254"; return }
    if (key == "nameservers" && part[4] == "addresses" && n == 5) { orders[++count] = "nameserver " $3; return }
    if (key == "nameservers" && part[4] == "search") return
    if (key == "routes" && n == 5 && part[5] ~ /^(to|via|metric|table|on-link)$/) {
        if (part[4] + 0 >= routes[id]) routes[id] = part[4] + 1
        route[id, part[4], part[5]] = $3
        return
    }
    refuse()
}

function address(id, text) {
    if (text !~ /^[0-9a-fA-F.:]+\/[0-9]+$/) fail("address " text " of " id " is not an address and a prefix length")
    orders[++count] = "address " id " " text
}

function finish_one(    i, j, id, type, a) {
    for (i = 0; i < items; i++) {
        type = config[i, "type"]
        if (type == "nameserver") continue
        if (type != "physical") fail("config/" i ": type " either(type, "(none)") " is not understood by the lab")
        id = config[i, "name"]
        if (id == "") fail("config/" i " has no name")
        link(id)
        mac[id] = config[i, "mac_address"]
        mtu[id] = config[i, "mtu"]
        for (j = 0; j < subnets[i]; j++) {
            type = subnet[i, j, "type"]
            if (type == "dhcp" || type == "dhcp4") { orders[++count] = "dhcp4 " id; continue }
            if (type != "static" && type != "static6") fail("subnet type " either(type, "(none)") " of " id " is not understood by the lab")
            a = subnet[i, j, "address"]
            address(id, a ~ /\// ? a : a "/" prefix(subnet[i, j, "netmask"]))
            if (subnet[i, j, "gateway"] != "") {
                orders[++count] = "route " id " default " subnet[i, j, "gateway"] " " (type == "static6" ? 2048 : 1024) " 254"
            }
        }
    }
}

function finish_two(    i, j, id, via, metric, table) {
    for (i = 1; i <= links; i++) {
        id = order[i]
        for (j = 0; j < routes[id]; j++) {
            via = route[id, j, "via"]
            if (via == "" || route[id, j, "to"] == "") fail("route " j " of " id " needs to and via")
            metric = either(route[id, j, "metric"], via ~ /:/ ? 2048 : 1024)
            table = either(route[id, j, "table"], 254)
            if (route[id, j, "on-link"] != "" && truth(route[id, j, "on-link"])) orders[++count] = "onlink " id " " via " " metric " " table
            orders[++count] = "route " id " " route[id, j, "to"] " " via " " metric " " table
        }
    }
}

END {
    if (failed) exit 1
    if (version == "") fail("says no version")
    if (version == 1) finish_one(); else finish_two()
    for (i = 1; i <= links; i++) {
        id = order[i]
        print "link " id " " either(name[id], version == 1 || mac[id] == "" ? id : "-") " " either(mac[id], "-") " " either(mtu[id], "-")
    }
    for (i = 1; i <= count; i++) print orders[i]
}
