errors {
  retry "a" {
    retryable_errors   = ["x", "y"]
    max_attempts       = 2
    sleep_interval_sec = 1
  }
}
