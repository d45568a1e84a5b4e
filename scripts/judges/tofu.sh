# OpenTofu: what Terragrunt calls; its state files, its rules for values of variables.
go_program ./cmd/tofu "-X github.com/opentofu/opentofu/version.dev=no"
