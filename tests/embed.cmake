# What several test programs embed.
include(${PROJECT_SOURCE_DIR}/shared/embed.cmake)

# The token vocabularies; tests/support/vocabularies.hpp reads them.
function(weir_embed_vocabularies target)
  foreach(encoding ${weir_encodings})
    weir_embed(${target} weir_embedded_${encoding}
      ${CMAKE_BINARY_DIR}/vocabularies/${encoding}.bin weir_vocabularies)
  endforeach()
endfunction()
