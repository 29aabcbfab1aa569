# The build rules of every room, written once.
#
#   tierline_scan_rooms(core)                 adds each folder below core/ that has a CMakeLists.txt
#   tierline_add_room(core_storage USES core_base core_domain LIBS Qt6::Core SQLite::SQLite3)
#                                             one static library of all *.cpp in the folder
#   tierline_add_registry(core_connectors TYPE Registry FUNCTION registerConnectors NAMESPACE …)
#                                             a room whose one source calls every folder beside it
#   tierline_add_tests(storage USES core_storage support)
#                                             one executable and one CTest for each tst_*.cpp in the folder

option(TIERLINE_TESTS "Build the tests" ON)
option(TIERLINE_WERROR "Treat warnings as errors" OFF)
# A build from nothing spends most of its time on headers that the files of a room share. The presets that are built so,
# release and the sanitizers, compile eight files as one; debug compiles each alone, as packaging/lint does, so that
# none leans on another's includes.
option(TIERLINE_UNITY "Compile the files of a room in batches" OFF)
set(TIERLINE_SANITIZE "" CACHE STRING "address,undefined or thread")

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_AUTOMOC ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set_property(GLOBAL PROPERTY USE_FOLDERS ON)

find_package(Qt6 6.4 REQUIRED COMPONENTS Core Gui Widgets Network Sql Charts Svg Test)
find_package(SQLite3 REQUIRED)
find_package(ZLIB REQUIRED)
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(Gumbo REQUIRED IMPORTED_TARGET gumbo)
pkg_check_modules(Re2 REQUIRED IMPORTED_TARGET re2)
pkg_check_modules(Libical REQUIRED libical)
find_package(simdjson REQUIRED)
find_package(Qt6Keychain REQUIRED)

# A compiler cache and a fast linker are used where they are found; neither is needed.
find_program(TIERLINE_CCACHE ccache)
if(TIERLINE_CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
        CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
        CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1
        # Else it reads 200 MB of precompiled header for each file.
        CCACHE_INODECACHE=1 ${TIERLINE_CCACHE})
endif()
find_program(TIERLINE_MOLD mold)
if(TIERLINE_MOLD AND NOT TIERLINE_SANITIZE)
    # g++ 12 knows the name; the flag is an error with older compilers, hence the check.
    include(CheckLinkerFlag)
    check_linker_flag(CXX -fuse-ld=mold TIERLINE_HAS_MOLD)
    if(TIERLINE_HAS_MOLD)
        add_link_options(-fuse-ld=mold)
    endif()
endif()

add_library(tierline_flags INTERFACE)
target_include_directories(tierline_flags INTERFACE "${CMAKE_SOURCE_DIR}")
target_compile_definitions(tierline_flags INTERFACE
    QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_CAST_FROM_BYTEARRAY QT_NO_URL_CAST_FROM_STRING
    QT_NO_FOREACH QT_NO_NARROWING_CONVERSIONS_IN_CONNECT QT_STRICT_ITERATORS
    QT_DISABLE_DEPRECATED_BEFORE=0x060400
    TIERLINE_VERSION="${PROJECT_VERSION}")
target_compile_options(tierline_flags INTERFACE
    -Wall -Wextra -Wpedantic -Woverloaded-virtual -Wnon-virtual-dtor
    # g++ 12 reports false positives deep inside std::variant and std::optional at -O2.
    -Wno-maybe-uninitialized
    # Designated initialisers that leave the rest at its default are our idiom.
    -Wno-missing-field-initializers
    # Of a batch g++ takes the files for headers, in which types of an anonymous namespace would be wrong.
    $<$<BOOL:${TIERLINE_UNITY}>:-Wno-subobject-linkage>
    $<$<BOOL:${TIERLINE_WERROR}>:-Werror>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # The second: or g++ tidies up 200 MB of precompiled header again and again.
    target_compile_options(tierline_flags INTERFACE
        -fpch-preprocess "SHELL:--param ggc-min-heapsize=262144")
endif()
# Where the time goes that users wait for, rules played on the past, calls go to and fro between small rooms. Rooms that
# are HOT keep beside their machine code what the linker needs to optimise across them, and programs that users run are
# linked so (tierline_link_whole); tests link the machine code, as fast as ever. Measured: 8 to 10 % of a backtest.
set(TIERLINE_HOT_FLAGS "")
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_BUILD_TYPE STREQUAL "RelWithDebInfo" AND NOT TIERLINE_SANITIZE)
    set(TIERLINE_HOT_FLAGS -flto=auto -ffat-lto-objects)
    add_link_options(-fno-lto) # else it is done wherever such an object is linked
endif()
function(tierline_link_whole target)
    if(TIERLINE_HOT_FLAGS)
        # mold 1.10 loses symbols of archives when it optimises. Across files g++ 12 takes a hash of Qt for one with a
        # negative number of buckets, and warns.
        target_link_options(${target} PRIVATE -flto=auto -fuse-ld=bfd -Wno-alloc-size-larger-than)
    endif()
endfunction()

if(TIERLINE_SANITIZE)
    target_compile_options(tierline_flags INTERFACE -fsanitize=${TIERLINE_SANITIZE}
        -fno-omit-frame-pointer -fno-sanitize-recover=all)
    add_link_options(-fsanitize=${TIERLINE_SANITIZE})
endif()

# Two precompiled headers serve every room and test: one for what has no screen, one for what has.
file(WRITE "${CMAKE_BINARY_DIR}/pch/empty.cpp" "")
add_library(tierline_pch_core OBJECT "${CMAKE_BINARY_DIR}/pch/empty.cpp")
target_link_libraries(tierline_pch_core PRIVATE tierline_flags Qt6::Core)
target_precompile_headers(tierline_pch_core PRIVATE <QtCore/QtCore> <algorithm> <chrono> <functional>
    <memory> <optional> <variant> <vector>)
add_library(tierline_pch_widgets OBJECT "${CMAKE_BINARY_DIR}/pch/empty.cpp")
target_link_libraries(tierline_pch_widgets PRIVATE tierline_flags Qt6::Core Qt6::Gui Qt6::Widgets)
target_precompile_headers(tierline_pch_widgets PRIVATE <QtCore/QtCore> <QtGui/QtGui>
    <QtWidgets/QtWidgets> <algorithm> <chrono> <functional> <memory> <optional> <variant> <vector>)
set_target_properties(tierline_pch_core tierline_pch_widgets PROPERTIES AUTOMOC OFF)

# What a test program adds to the rooms that it tests runs once and is not what is measured: left as it is
# written, it compiles in half the time, and a build from nothing is half tests. Rooms, support and what
# runs for minutes (kills, soaks, schedules, fuzzing, benchmarks) are optimised as in the program itself.
set(TIERLINE_TEST_FLAGS "")
if(CMAKE_BUILD_TYPE STREQUAL "RelWithDebInfo")
    set(TIERLINE_TEST_FLAGS -O0)
endif()
if(TIERLINE_TESTS)
    foreach(kind core widgets)
        add_library(tierline_pch_test_${kind} OBJECT "${CMAKE_BINARY_DIR}/pch/empty.cpp")
        get_target_property(libraries tierline_pch_${kind} LINK_LIBRARIES)
        get_target_property(headers tierline_pch_${kind} PRECOMPILE_HEADERS)
        target_link_libraries(tierline_pch_test_${kind} PRIVATE ${libraries})
        target_compile_options(tierline_pch_test_${kind} PRIVATE ${TIERLINE_TEST_FLAGS})
        target_precompile_headers(tierline_pch_test_${kind} PRIVATE ${headers})
        set_target_properties(tierline_pch_test_${kind} PROPERTIES AUTOMOC OFF)
    endforeach()
endif()

# Such a header is made once, as for a library. From Qt 6.5 on programs are no longer compiled as libraries are, and
# g++ passes over a header that was made with other settings: a test then costs eight times as much.
function(tierline_reuse_header target header)
    target_precompile_headers(${target} REUSE_FROM ${header})
    get_target_property(type ${target} TYPE)
    if(type STREQUAL "EXECUTABLE" AND Qt6_VERSION VERSION_GREATER_EQUAL 6.5)
        target_compile_options(${target} PRIVATE -fPIC)
    endif()
endfunction()

function(tierline_scan_rooms folder)
    file(GLOB_RECURSE found CONFIGURE_DEPENDS RELATIVE "${CMAKE_SOURCE_DIR}"
         "${CMAKE_SOURCE_DIR}/${folder}/*/CMakeLists.txt")
    foreach(list_file IN LISTS found)
        get_filename_component(room "${list_file}" DIRECTORY)
        add_subdirectory("${CMAKE_SOURCE_DIR}/${room}")
    endforeach()
endfunction()

function(tierline_batch target)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ${TIERLINE_UNITY} UNITY_BUILD_BATCH_SIZE 8)
endfunction()

function(tierline_add_room name)
    cmake_parse_arguments(ROOM "WIDGETS;HOT" "" "SOURCES;USES;LIBS" ${ARGN})
    if(NOT ROOM_SOURCES)
        file(GLOB ROOM_SOURCES CONFIGURE_DEPENDS *.cpp *.h)
    endif()
    set(compiled ${ROOM_SOURCES})
    list(FILTER compiled INCLUDE REGEX "\\.cpp$")
    if(compiled)
        add_library(${name} STATIC ${ROOM_SOURCES})
        tierline_batch(${name})
        target_link_libraries(${name} PUBLIC tierline_flags ${ROOM_USES} ${ROOM_LIBS})
        if(ROOM_HOT)
            target_compile_options(${name} PRIVATE ${TIERLINE_HOT_FLAGS})
        endif()
        if(ROOM_WIDGETS)
            target_link_libraries(${name} PUBLIC Qt6::Widgets)
            target_precompile_headers(${name} REUSE_FROM tierline_pch_widgets)
        else()
            target_link_libraries(${name} PUBLIC Qt6::Core)
            target_precompile_headers(${name} REUSE_FROM tierline_pch_core)
        endif()
    else()
        add_library(${name} INTERFACE)
        target_link_libraries(${name} INTERFACE tierline_flags Qt6::Core ${ROOM_USES} ${ROOM_LIBS})
    endif()
endfunction()

# Every folder beside the caller's list that has a CMakeLists.txt registers itself, api aside: a folder FOLDER has the
# library NAME_FOLDER and, in NAMESPACE, the function registerFolder(TYPE &). The calls are written out here, since
# linkers drop objects of static libraries that nobody names. TYPE is declared in HEADER.
function(tierline_add_registry name)
    cmake_parse_arguments(R "" "HEADER;NAMESPACE;TYPE;FUNCTION" "" ${ARGN})
    file(GLOB lists CONFIGURE_DEPENDS RELATIVE "${CMAKE_CURRENT_SOURCE_DIR}"
         "${CMAKE_CURRENT_SOURCE_DIR}/*/CMakeLists.txt")
    list(SORT lists)
    set(libraries "")
    set(declarations "")
    set(calls "")
    foreach(list_file IN LISTS lists)
        get_filename_component(folder "${list_file}" DIRECTORY)
        if(folder STREQUAL "api")
            continue()
        endif()
        string(SUBSTRING "${folder}" 0 1 first)
        string(SUBSTRING "${folder}" 1 -1 rest)
        string(TOUPPER "${first}" first)
        string(APPEND declarations "void register${first}${rest}(${R_TYPE} &registry);\n")
        string(APPEND calls "    register${first}${rest}(registry);\n")
        list(APPEND libraries ${name}_${folder})
    endforeach()
    configure_file("${CMAKE_SOURCE_DIR}/packaging/cmake/registry.cpp.in"
                   "${CMAKE_CURRENT_BINARY_DIR}/registry.cpp" @ONLY)
    tierline_add_room(${name} SOURCES "${CMAKE_CURRENT_BINARY_DIR}/registry.cpp" USES ${name}_api ${libraries})
endfunction()

# GUI tests (WIDGETS) run on the offscreen platform unless the caller chose another. What needs no screen
# has the label core, and is built by the target tierline_core_tests: the thread sanitizer can look at it.
# tierline_fast_tests builds what runs without servers, windows and patience: for the address sanitizer.
add_custom_target(tierline_core_tests)
add_custom_target(tierline_fast_tests)
function(tierline_add_tests room)
    cmake_parse_arguments(T "WIDGETS;SERIAL" "TIMEOUT" "USES;LIBS;LABELS" ${ARGN})
    if(NOT T_TIMEOUT)
        set(T_TIMEOUT 60)
    endif()
    if(TIERLINE_SANITIZE)
        math(EXPR T_TIMEOUT "${T_TIMEOUT} * 10")
    endif()
    set(is_core FALSE)
    if(NOT T_WIDGETS AND NOT "${T_USES}" MATCHES "(^|;)(widgets|app)_")
        set(is_core TRUE)
        list(APPEND T_LABELS core)
    endif()
    set(is_fast TRUE)
    if("${T_LABELS}" MATCHES "(^|;)(server|window|kill|soak|fuzz|long)(;|$)")
        set(is_fast FALSE)
    endif()
    file(GLOB sources CONFIGURE_DEPENDS tst_*.cpp)
    foreach(source IN LISTS sources)
        get_filename_component(test "${source}" NAME_WE)
        add_executable(${test} "${source}")
        # A test's one moc file is made by moc itself: AUTOMOC costs three steps and a second for each.
        set_target_properties(${test} PROPERTIES AUTOMOC OFF)
        file(STRINGS "${source}" has_moc REGEX "^#include \"${test}\\.moc\"")
        if(has_moc)
            set(moc "${CMAKE_CURRENT_BINARY_DIR}/moc/${test}.moc")
            add_custom_command(OUTPUT "${moc}" DEPENDS "${source}" VERBATIM
                COMMAND Qt6::moc -i "${source}" -o "${moc}" COMMENT "moc ${test}")
            set_source_files_properties("${moc}" PROPERTIES HEADER_FILE_ONLY ON)
            target_sources(${test} PRIVATE "${moc}")
            target_include_directories(${test} PRIVATE "${CMAKE_CURRENT_BINARY_DIR}/moc")
        endif()
        target_link_libraries(${test} PRIVATE tierline_flags Qt6::Core Qt6::Test ${T_USES} ${T_LIBS})
        target_compile_definitions(${test} PRIVATE TIERLINE_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
        if(T_WIDGETS)
            target_link_libraries(${test} PRIVATE Qt6::Widgets)
        endif()
        # Precompiled headers are without Qt Test, whose headers read macros that differ from test to test.
        set(kind widgets)
        if(is_core)
            set(kind core)
            add_dependencies(tierline_core_tests ${test})
        endif()
        if(is_fast)
            add_dependencies(tierline_fast_tests ${test})
            target_compile_options(${test} PRIVATE ${TIERLINE_TEST_FLAGS})
            tierline_reuse_header(${test} tierline_pch_test_${kind})
        else()
            tierline_reuse_header(${test} tierline_pch_${kind})
        endif()
        add_test(NAME ${room}/${test} COMMAND ${test})
        set_tests_properties(${room}/${test} PROPERTIES
            LABELS "${room};${T_LABELS}" TIMEOUT ${T_TIMEOUT}
            ENVIRONMENT "QT_QPA_PLATFORM=offscreen;TZ=UTC;LC_ALL=C.UTF-8")
        if(T_SERIAL)
            set_tests_properties(${room}/${test} PROPERTIES RUN_SERIAL TRUE)
        endif()
    endforeach()
endfunction()
