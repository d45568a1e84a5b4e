terraform {
  source = "${get_repo_root()}/modules/some"

  before_hook "log" {
    commands = ["plan", "apply"]
    execute  = ["sh", "-c", "echo ${path_relative_to_include()} >> \"$LOG\""]
  }
}
