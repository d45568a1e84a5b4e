#!/bin/sh
# What the DHCP client calls when it has an address.
. /usr/lib/talos-forge/common.sh

case $1 in
bound | renew)
    ip address replace "$ip/$mask" dev "$interface"
    for gateway in $router; do
        ip route replace default via "$gateway" dev "$interface" metric 1024
        break
    done
    for server in $dns; do echo "nameserver $server"; done >/run/resolv.conf
    [ "$1" = renew ] || report "network $interface has $ip/$mask"
    ;;
esac
