#!/usr/bin/env bash
# Writes a tree of units that share a root and three common files, as big trees do. For the benchmark.
#   scripts/units.sh DIR [UNITS]
set -euo pipefail
dir=$1
units=${2:-500}

rm -rf "$dir"
mkdir -p "$dir/.git" "$dir/live" "$dir/common"
cat >"$dir/live/root.hcl" <<'HCL'
locals {
  versions = read_terragrunt_config("${get_repo_root()}/common/versions.hcl").locals
  region   = read_terragrunt_config(find_in_parent_folders("region.hcl")).locals
  labels   = merge(local.region.labels, { unit = path_relative_to_include() })
}
remote_state {
  backend = "local"
  config = {
    path = "${get_terragrunt_dir()}/terraform.tfstate"
  }
  generate = {
    path      = "backend.tf"
    if_exists = "overwrite_terragrunt"
  }
}
generate "provider" {
  path      = "provider.tf"
  if_exists = "overwrite_terragrunt"
  contents  = "provider \"example\" {\n  region = \"${local.region.name}\"\n}\n"
}
inputs = {
  versions = local.versions.all
  labels   = local.labels
}
HCL
# Tables that take a moment to evaluate: once for each run, not for each unit.
{
    echo 'locals {'
    for i in $(seq 200); do
        echo "  package_$i = { name = \"package-$i\", version = format(\"v1.%d.0\", $i), digest = sha256(\"package-$i\") }"
    done
    echo '  all = { for i in range(1, 201) : "package-${i}" => format("v1.%d.0", i) }'
    echo '}'
} >"$dir/common/versions.hcl"
cat >"$dir/common/network.hcl" <<'HCL'
locals {
  zones   = ["a", "b", "c"]
  subnets = { for i, zone in local.zones : zone => cidrsubnet("10.0.0.0/8", 8, i) }
  hosts   = flatten([for zone, net in local.subnets : [for i in range(1, 30) : "${zone}-${cidrhost(net, i)}"]])
}
HCL
cat >"$dir/common/defaults.hcl" <<'HCL'
locals {
  network = read_terragrunt_config("${get_repo_root()}/common/network.hcl").locals
  tags    = { owner = "platform", managed = "yes" }
}
HCL
for i in $(seq "$units"); do
    region=region-$(((i - 1) / 50))
    unit=$dir/live/$region/stack-$(((i - 1) % 50 / 10))/unit-$i
    mkdir -p "$unit"
    if [ ! -f "$dir/live/$region/region.hcl" ]; then
        printf 'locals {\n  name   = "%s"\n  labels = { region = "%s" }\n}\n' "$region" "$region" >"$dir/live/$region/region.hcl"
    fi
    {
        cat <<HCL
include "root" {
  path           = find_in_parent_folders("root.hcl")
  expose         = true
  merge_strategy = "deep"
}
locals {
  defaults = read_terragrunt_config("\${get_repo_root()}/common/defaults.hcl").locals
}
terraform {
  source = "\${get_repo_root()}/modules//service?ref=\${include.root.locals.versions.package_7.version}"
  before_hook "format" {
    commands = ["plan", "apply"]
    execute  = ["true"]
  }
}
HCL
        if ((i % 10 != 1)); then
            printf 'dependency "before" {\n  config_path = "../unit-%s"\n  mock_outputs = { id = "mock-%s" }\n}\n' $((i - 1)) $((i - 1))
        fi
        cat <<HCL
inputs = {
  name  = "unit-$i"
  hosts = local.defaults.network.hosts
  tags  = merge(local.defaults.tags, { unit = "$i" })
HCL
        if ((i % 10 != 1)); then
            echo '  before = dependency.before.outputs.id'
        fi
        echo '}'
    } >"$unit/terragrunt.hcl"
done
