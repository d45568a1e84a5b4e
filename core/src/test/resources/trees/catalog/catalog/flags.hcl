feature "canary" {
  default = false
}

feature "replicas" {
  default = 1
}

catalog {
  urls = ["github.com/example/catalog"]
}
