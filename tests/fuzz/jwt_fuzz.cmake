weir_fuzz_target(jwt LIBRARIES weir::edge-server)
