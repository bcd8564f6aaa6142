import { linkLibraries } from "../../../tools/laptop/server-binaries";

// Run by a test as a process of its own.
linkLibraries(process.argv[2] ?? "");
