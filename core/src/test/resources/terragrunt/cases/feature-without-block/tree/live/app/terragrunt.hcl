inputs = { f = feature.f.value, all = feature }
