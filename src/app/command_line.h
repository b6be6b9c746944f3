// The `sixtops` command: one subcommand a file, this one dispatches.
#pragma once

namespace sixtops::app {

// Exit codes.
inline constexpr int kExitOk = 0;
inline constexpr int kExitFailed = 1;
inline constexpr int kExitUsage = 2;

int run_command_line(int argc, char** argv);

}  // namespace sixtops::app
