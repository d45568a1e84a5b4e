# Talos: init, machined, the installer (which is the imager as well) and talosctl, with the tags of Talos' own build; and
# the files that its build lays into the root file system beside them.
module_source "$module" "$version" "$work/source"
module_source "$module/pkg/machinery" "$version" "$work/source/pkg/machinery"
cd "$work/source"
case $version in
1.14.1)
    # What the module proxy does not have, by the next version that it has. All of it is network code and the watch of
    # resources; the raw socket of NTS is not asked for by anything that is judged.
    "$go" mod edit \
        -replace github.com/cosi-project/runtime=github.com/cosi-project/runtime@v1.16.2 \
        -replace github.com/jsimonetti/rtnetlink/v2=github.com/jsimonetti/rtnetlink/v2@v2.3.0 \
        -replace github.com/mdlayher/ethtool=github.com/siderolabs/ethtool@v0.4.0-sidero \
        -dropreplace github.com/secure-io/siv-go
    ;;
esac
CGO_ENABLED=0 GOWORK=off "$go" build -mod=mod -trimpath -buildvcs=false -tags tcell_minimal,grpcnotrace \
    -ldflags "-s -w -X golang.zx2c4.com/wireguard/ipc.socketDirectory=/system/wireguard-sock" \
    -o "$folder/" ./internal/app/init ./internal/app/machined ./cmd/installer ./cmd/talosctl </dev/null >&2
ln -s installer "$folder/imager"
mkdir "$folder/files"
cp -r hack/*.toml hack/*.part hack/*.conf hack/udevd hack/zoneinfo pkg/machinery/version/os-release "$folder/files"
