inputs = { a = null, m = { l = null } }
