weir_fuzz_target(websocket LIBRARIES weir::edge-server)
