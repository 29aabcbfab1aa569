# The texts of the sample data ship with the program; see resources/sample/README.md.
file(GLOB sample_texts CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/resources/sample/*.json")
qt_add_resources(core_import sample
    PREFIX /tierline/sample
    BASE "${CMAKE_SOURCE_DIR}/resources/sample"
    FILES ${sample_texts})
