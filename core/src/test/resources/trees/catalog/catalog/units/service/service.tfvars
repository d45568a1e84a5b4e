replicas = 3
ports    = [80, 443]
labels   = { "app" = "web" }
