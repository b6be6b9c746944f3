// The binary interface as C++ sees it.
#include "capi/abi_checks.h"

int main() { return 0; }
