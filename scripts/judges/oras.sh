# oras: any artifact in a registry, its type, what refers to it.
go_program ./cmd/oras "-X oras.land/oras/internal/version.Version=$version -X oras.land/oras/internal/version.BuildMetadata="
