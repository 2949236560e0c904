weir_fuzz_target(archive_request LIBRARIES weir::edge-server)
