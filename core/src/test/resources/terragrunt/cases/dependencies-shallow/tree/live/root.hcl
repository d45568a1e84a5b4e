dependencies {
  paths = ["../x"]
}
