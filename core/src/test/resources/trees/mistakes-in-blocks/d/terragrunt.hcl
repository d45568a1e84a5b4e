dependency "a" "b" {
  config_path = "../u"
}
