weir_fuzz_target(request LIBRARIES weir::prompt)
