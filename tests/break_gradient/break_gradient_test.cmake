# Builds the model's tests with one gradient broken on purpose; passes only if they notice.
execute_process(COMMAND ${CMAKE_COMMAND} -S ${source} -B ${scratch} -G Ninja
                        -D CMAKE_BUILD_TYPE=Release -D SPANLAB_TESTS=ON
                        -D SPANLAB_BREAK_GRADIENT=ON -D CMAKE_CXX_COMPILER=${compiler}
                        -D CMAKE_CXX_COMPILER_LAUNCHER=${launcher}
                OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${CMAKE_COMMAND} --build ${scratch} --target test_model
                COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${scratch}/tests/test_model --gtest_brief=1 WORKING_DIRECTORY ${source}
                RESULT_VARIABLE status OUTPUT_VARIABLE output)
file(REMOVE_RECURSE ${scratch})
string(REGEX MATCHALL "\\[  FAILED  \\] [A-Za-z0-9_/.]+" failures "${output}")
list(REMOVE_DUPLICATES failures)
# A crash, or a program that does not start, proves nothing: the tests themselves must say it.
if(NOT status EQUAL 1 OR NOT failures)
  message(FATAL_ERROR "a gradient is broken and the tests did not notice (${status}):\n${output}")
endif()
message(STATUS "the broken gradient was noticed: ${failures}")
