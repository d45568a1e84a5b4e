include "root" {
  path           = "../root.hcl"
  merge_strategy = "deep"
}
errors {
  retry "a" {
    retryable_errors   = ["y", "z"]
    max_attempts       = 3
    sleep_interval_sec = 0
  }
  ignore "i" {
    ignorable_errors = ["q"]
  }
}
