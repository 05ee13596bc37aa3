# Text files inside the program. As a script: writes a .cpp that defines spanlab::NAME, a
# std::string_view of the file's text. Otherwise: defines spanlab_embed_text.
if(CMAKE_SCRIPT_MODE_FILE STREQUAL CMAKE_CURRENT_LIST_FILE)
  file(READ "${input}" text)
  set(code "// The text of a file, written by the build.\n#include <string_view>\n\n")
  string(APPEND code "namespace spanlab {\nextern const std::string_view ${name};\n")
  string(APPEND code "const std::string_view ${name} = R\"~~~(${text})~~~\";\n}\n")
  file(WRITE "${output}" "${code}")
  return()
endif()

# spanlab_embed_text(TARGET NAME FILE): the text of FILE as spanlab::NAME in TARGET.
function(spanlab_embed_text target name file)
  set(script ${PROJECT_SOURCE_DIR}/cmake/embed_text.cmake)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/embedded/${name}.cpp)
  add_custom_command(OUTPUT ${output}
                     COMMAND ${CMAKE_COMMAND} -D input=${file} -D name=${name} -D output=${output}
                             -P ${script}
                     DEPENDS ${file} ${script} COMMENT "Embedding ${file}" VERBATIM)
  target_sources(${target} PRIVATE ${output})
endfunction()
