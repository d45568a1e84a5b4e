# olareg: a small registry with the referrers API.
go_program ./cmd/olareg
