inputs = { f = read_terragrunt_config("../x.hcl").feature }
