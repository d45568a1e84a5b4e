terraform {
  source = "${get_repo_root()}/catalog/modules//job"
}

skip = true

inputs = {
  up = find_in_parent_folders("service")
}
