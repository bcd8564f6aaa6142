import { linkLibraries } from "../../../tools/postgres/server-binaries";

// Run by a test as a process of its own.
linkLibraries(process.argv[2] ?? "");
