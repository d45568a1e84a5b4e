# olareg: a small registry with the referrers API. Its own program cannot say which port it was given, this one can:
#   olareg FOLDER
module_source "$module" "$version" "$work/source"
mkdir "$work/source/cmd/listening"
cat >"$work/source/cmd/listening/main.go" <<'END'
package main

import (
	"fmt"
	"net"
	"net/http"
	"os"

	"github.com/olareg/olareg"
	"github.com/olareg/olareg/config"
)

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Println("listening on", listener.Addr())
	storage := config.ConfigStorage{StoreType: config.StoreDir, RootDir: os.Args[1]}
	panic(http.Serve(listener, olareg.New(config.Config{Storage: storage})))
}
END
(cd "$work/source" && go_build olareg ./cmd/listening)
