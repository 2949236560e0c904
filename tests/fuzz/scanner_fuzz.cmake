weir_fuzz_target(scanner LIBRARIES weir::json)
