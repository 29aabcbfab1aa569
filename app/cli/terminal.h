#pragma once

// Whether a stream is a terminal: isatty(fileno(stdout)), by its name on every system.

#include <cstdio>

#ifdef Q_OS_WIN
#include <io.h>
#define isatty _isatty
#define fileno _fileno
#else
#include <unistd.h>
#endif
