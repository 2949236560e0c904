weir_fuzz_target(http_request LIBRARIES weir_edge-http)
