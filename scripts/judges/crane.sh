# crane: pushes, pulls and checks images by the library that most Go programs use.
go_program ./cmd/crane "-X github.com/google/go-containerregistry/cmd/crane/cmd.Version=$version"
