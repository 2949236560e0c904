target_link_libraries(unit_provider PRIVATE weir::json)
