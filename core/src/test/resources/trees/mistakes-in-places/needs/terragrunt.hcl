dependency "stack" {
  config_path = "../stack"
}
dependency "gone" {
  config_path = "../gon"
}
dependencies {
  paths = ["../nowhere"]
}
