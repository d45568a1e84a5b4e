locals { b = "../b.hcl" }
