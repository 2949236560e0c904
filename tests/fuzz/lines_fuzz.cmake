weir_fuzz_target(lines LIBRARIES weir::sse)
