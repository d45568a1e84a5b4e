a = "inc"
