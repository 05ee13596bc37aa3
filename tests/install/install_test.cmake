# Installs into an empty folder, then configures, builds and runs a program that knows only it.
file(REMOVE_RECURSE ${scratch})
execute_process(COMMAND ${CMAKE_COMMAND} --install ${build} --prefix ${scratch}/prefix
                OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${CMAKE_COMMAND} -S ${CMAKE_CURRENT_LIST_DIR}/outside -B ${scratch}/outside
                        -G Ninja -D CMAKE_PREFIX_PATH=${scratch}/prefix
                        -D CMAKE_CXX_COMPILER=${compiler}
                COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${CMAKE_COMMAND} --build ${scratch}/outside COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${scratch}/outside/outside COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${scratch}/prefix/bin/spanlab --version COMMAND_ERROR_IS_FATAL ANY)
file(REMOVE_RECURSE ${scratch})
