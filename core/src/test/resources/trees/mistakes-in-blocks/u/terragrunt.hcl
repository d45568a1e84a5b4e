terraform "x" {
  source = "../m"
  befor_hook "a" {
  }
  before_hook {
    commands = ["apply"]
    execute  = ["true"]
  }
  after_hook "b" {
    command = ["apply"]
    execute = ["true"]
  }
}

terraform {
  sources = "../m"
}

generate "p" {
  path     = "p.tf"
  contents = ""
}

errors {
  retries "x" {}
}

exclude {
  when    = true
  actions = ["all"]
}

dependency "d" {
  config_path = "../d"
  mock_output = {}
  expansion {
    count = 2
  }
}

remote_state {
  backend = "local"
  config {
    path = "x"
  }
}

feature "f" {
  defualt = 1
}

inputs {
  a = 1
}

unit "x" {
}
