weir_fuzz_target(completion LIBRARIES weir::provider weir::wire)
