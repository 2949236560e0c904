weir_fuzz_target(members LIBRARIES weir::json)
