# regctl: a client that shares no code with crane, skopeo and oras.
go_program ./cmd/regctl
