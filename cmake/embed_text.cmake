# Text files inside the program. As a script: writes a .cpp that defines spanlab::NAME, a
# std::string_view of the file's text, or, of the files of a folder, a span of pairs: name without
# ending, text. Otherwise: defines spanlab_embed_text and spanlab_embed_folder.
if(CMAKE_SCRIPT_MODE_FILE STREQUAL CMAKE_CURRENT_LIST_FILE AND DEFINED folder)
  file(GLOB files ${folder}/*.toml)
  list(SORT files)
  set(type "std::span<const std::pair<std::string_view, std::string_view>>")
  set(code "// The texts of files, written by the build.\n")
  string(APPEND code "#include <span>\n#include <string_view>\n#include <utility>\n\n")
  string(APPEND code "namespace spanlab {\n"
         "extern const ${type} ${name};  // NOLINT: unity builds see the user's declaration, too\n")
  string(APPEND code "constexpr std::pair<std::string_view, std::string_view> ${name}_texts[] = {\n")
  foreach(file ${files})
    file(READ ${file} text)
    get_filename_component(stem ${file} NAME_WE)
    string(APPEND code "{\"${stem}\", R\"~~~(${text})~~~\"},\n")
  endforeach()
  string(APPEND code "};\nconstinit const ${type} ${name} = ${name}_texts;\n}\n")
  file(WRITE "${output}" "${code}")
  return()
endif()
if(CMAKE_SCRIPT_MODE_FILE STREQUAL CMAKE_CURRENT_LIST_FILE)
  file(READ "${input}" text)
  set(code "// The text of a file, written by the build.\n#include <string_view>\n\n")
  string(APPEND code "namespace spanlab {\nextern const std::string_view ${name};  // NOLINT\n")
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

# spanlab_embed_folder(TARGET NAME FOLDER): the .toml files of FOLDER as spanlab::NAME in TARGET.
function(spanlab_embed_folder target name folder)
  set(script ${PROJECT_SOURCE_DIR}/cmake/embed_text.cmake)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/embedded/${name}.cpp)
  file(GLOB files CONFIGURE_DEPENDS ${folder}/*.toml)
  add_custom_command(OUTPUT ${output}
                     COMMAND ${CMAKE_COMMAND} -D folder=${folder} -D name=${name}
                             -D output=${output} -P ${script}
                     DEPENDS ${files} ${script} COMMENT "Embedding ${folder}" VERBATIM)
  target_sources(${target} PRIVATE ${output})
endfunction()
