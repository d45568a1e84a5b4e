# distribution's registry v3: the server that most others are made of or measured by. Pushed to, pulled from, mirrored.
go_program ./cmd/registry "-X github.com/distribution/distribution/v3/version.version=v$version"
