inputs = { a = read_terragrunt_config("../common/c.hcl").locals.a, b = abspath("../y/./z") }
