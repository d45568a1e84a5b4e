# The configuration of containerd's part for Kubernetes: Talos merges the files /etc/cri/conf.d/*.part, in the order of
# their names, into cri.toml beside them. The lab puts them one after another, which is the same as long as none has a table
# or a key at its top that another one has; nobody starts that containerd.

# A message and status 1 where it would not be the same.
cri_configuration() {
    [ -f /etc/cri/conf.d/cri.toml ] || return 0
    for part in /etc/cri/conf.d/*.part; do
        [ -s "$part" ] || continue
        echo "## $part (sha256:$(sha256sum "$part" | cut -d ' ' -f 1))" >>/run/cri.header
        awk '1' "$part" >>/run/cri.parts
        report "containerd part ${part##*/}"
    done
    twice=$(sed -n 's/^ *\(\[[^]]*\]\) *\(#.*\)\{0,1\}$/\1/p' /run/cri.parts | sort | uniq -d | head -n 1)
    [ -z "$twice" ] || { echo "parts of /etc/cri/conf.d have the table $twice twice, which the lab does not merge" && return 1; }
    { cat /run/cri.header && echo && cat /run/cri.parts; } >/run/cri.toml
    chmod 0600 /run/cri.toml
    mount --bind /run/cri.toml /etc/cri/conf.d/cri.toml
}
