# Terraform: what runs modules where OpenTofu does not. Eight of its backends are Go modules that are only in its own
# repository, so it is built without them; local, http and inmem are there.
module_source "$module" "$version" "$work/source"
cd "$work/source"
others='azure|consul|cos|gcs|kubernetes|oss|pg|s3'
sed -i -E "\\%remote-state/($others)\"%d; /\\<backend(Azure|Consul|Cos|GCS|Kubernetes|OSS|Pg|S3)\\>/d" internal/backend/init/init.go
sed -i -E "\\%remote-state/($others) %d; /tlskyber/d" go.mod
go_build "$name" . "-X github.com/hashicorp/terraform/version.dev=no" -mod=mod
