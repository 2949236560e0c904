weir_fuzz_target(html LIBRARIES weir::text)
