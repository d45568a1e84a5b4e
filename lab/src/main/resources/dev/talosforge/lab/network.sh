# The machine's network: what network-config says, and DHCP on every card that it says nothing of, as on Talos.

# The name of the card with this address.
card_of() {
    for card in /sys/class/net/*; do
        [ "$(cat $card/address 2>/dev/null)" != "$(echo "$1" | tr A-F a-f)" ] || { echo "${card##*/}" && return 0; }
    done
    return 1
}

# Messages on standard output and status 1 where something cannot be done.
network_start() {
    ip link set lo up
    : >/run/network.links
    printf '127.0.0.1 localhost\n::1 localhost\n' >/run/hosts
    : >/run/resolv.conf
    if [ -f /run/cidata/network-config ]; then
        yaml /run/cidata/network-config network-config >/run/network.yaml || return 1
        awk -f $HOME_OF_SCRIPTS/network.awk /run/network.yaml >/run/network.orders || return 1
        while read -r order id a b c d; do
            network_order || return 1
        done </run/network.orders
    fi
    for card in /sys/class/net/*; do
        [ -e $card/device ] || continue
        grep -q " ${card##*/}\$" /run/network.links || dhcp "${card##*/}"
    done
    # Talos' defaults. It, too, sets forwarding of IPv6 for cards that come later only.
    echo 1 >/proc/sys/net/ipv4/ip_forward
    echo 1 >/proc/sys/net/ipv6/conf/default/forwarding
    mount --bind /run/hosts /etc/hosts
    mount --bind /run/resolv.conf /etc/resolv.conf
}

network_order() {
    if [ $order = nameserver ]; then
        echo "nameserver $id" >>/run/resolv.conf
        return
    fi
    if [ $order = link ]; then
        if [ "$b" = - ]; then card=$a; else card=$(card_of "$b") || { echo "network-config: no card has the address $b" && return 1; }; fi
        [ -e /sys/class/net/$card ] || { echo "network-config: there is no card $card" && return 1; }
        [ "$c" = - ] || told ip link set "$card" mtu "$c" || return 1
        told ip link set "$card" up || return 1
        echo "$id $card" >>/run/network.links
        return
    fi
    card=$(awk -v id="$id" '$1 == id { print $2 }' /run/network.links)
    case $order in
    dhcp4) dhcp "$card" ;;
    address) told ip address add "$a" dev "$card" ;;
    onlink) told ip route add "$a" dev "$card" metric "$b" table "$c" ;;
    route)
        case $b in
        *:*) told ip -6 route add "$a" via "$b" dev "$card" metric "$c" table "$d" ;;
        *) told ip route add "$a" via "$b" dev "$card" metric "$c" table "$d" ;;
        esac
        ;;
    esac
}

told() { answer=$("$@" 2>&1) || { echo "network-config: $* : $answer" && return 1; }; }

dhcp() {
    ip link set "$1" up
    udhcpc -i "$1" -b -t 2 -T 1 -s $HOME_OF_SCRIPTS/dhcp.sh >/dev/null 2>&1 &
}

# Whether a part of the network is ready, in the words of a service's depends.
network_ready() {
    case $1 in
    addresses) ip -o address show scope global | grep -q inet ;;
    connectivity) [ -n "$(ip route show default)$(ip -6 route show default)" ] ;;
    hostname | etcfiles) true ;;
    *) return 2 ;;
    esac
}
